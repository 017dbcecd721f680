using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Results;

public sealed record UnitTestResult
{
    public required UnitTestNode Test { get; init; }

    /// <summary>Pass, Fail, Error (it could not be run to its end) or Skipped (there is no engine to run it on).</summary>
    public required TestStatus Status { get; init; }

    /// <summary>Rows that differ, are missing or were not expected.</summary>
    public int? Differences { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Warnings too: they do not make the test fail.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
}
