using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;

namespace Strata.Runner.Execution;

/// <summary>A node cannot go on; the diagnostics say why. Stays inside the runner.</summary>
internal sealed class NodeFailedException(params ImmutableArray<Diagnostic> diagnostics)
    : Exception(diagnostics.IsEmpty ? "node failed" : diagnostics[0].Message)
{
    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;

    /// <summary>The node, where several are worked on together and it is known which one it is.</summary>
    public string? NodeId { get; init; }

    /// <summary>Tests that ran before the node was staged, if they are the reason.</summary>
    public ImmutableArray<TestResult> Tests { get; init; } = [];
}
