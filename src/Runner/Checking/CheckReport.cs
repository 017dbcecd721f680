using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Checking;

/// <summary>What came of checking a project.</summary>
/// <param name="Models">The selected models in the order in which they are read; and those above them that do not bind.</param>
/// <param name="Tests">The tests that were bound.</param>
/// <param name="Diagnostics">All that is to be said, in the order of the files.</param>
public sealed record CheckReport(
    ImmutableArray<CheckedModel> Models,
    ImmutableArray<TestNode> Tests,
    ImmutableArray<Diagnostic> Diagnostics
)
{
    /// <summary>Whether a server was needed that is not at hand.</summary>
    public bool LacksServer { get; init; }

    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.IsError);
}
