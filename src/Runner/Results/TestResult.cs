using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Results;

public sealed record TestResult
{
    public required TestNode Test { get; init; }

    public required TestStatus Status { get; init; }

    /// <summary>The value of the test's fail_calc; null when the query did not run.</summary>
    public long? Failures { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>A query that shows the failing rows, fit to paste into a client.</summary>
    public string? FailingRowsSql { get; init; }

    /// <summary>The table that keeps the failing rows, if the test stores them.</summary>
    public string? StoredIn { get; init; }

    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
}

public enum TestStatus
{
    Pass,
    Warn,
    Fail,

    /// <summary>The test's own query failed.</summary>
    Error,
    Skipped,
}
