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

    /// <summary>What failures are, in the singular, where they are not rows.</summary>
    public string? Counts { get; init; }

    /// <summary>The rows that were looked at; null where nobody had to count them, and for what is no share of rows.</summary>
    public long? Checked { get; init; }

    /// <summary>The aggregate or statistic that was compared; masked where it would show a personal value.</summary>
    public string? Observed { get; init; }

    /// <summary>The same as a number, where it is one, for the history that stays with the data. Never shown: it is not masked.</summary>
    public double? ObservedNumber { get; init; }

    /// <summary>What the observation was held against, and what else there is to say of it.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the note is worth showing also when the test passed.</summary>
    public bool IsRemark { get; init; }

    /// <summary>What later runs hold their data against, once what was tested is published.</summary>
    public string? NewBaseline { get; init; }

    /// <summary>Whether only the rows of the batch were looked at.</summary>
    public bool BatchOnly { get; init; }

    /// <summary>Where there was a batch: why all rows were looked at all the same.</summary>
    public string? WholeBecause { get; init; }

    public DateTimeOffset TestedAt { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>
    /// A query that finds all failing rows, fit to paste into a client. It reads published relations; where
    /// <see cref="ReadsStage"/> says so the rows themselves were staged and are gone with their stage.
    /// </summary>
    public string? FailingRowsSql { get; init; }

    /// <summary>Whether the test looked at rows that readers did not see yet.</summary>
    public bool ReadsStage { get; init; }

    /// <summary>Some of the failing rows; null where there are none to show.</summary>
    public FailingRows? Samples { get; init; }

    /// <summary>The table that keeps the failing rows, if the test stores them.</summary>
    public string? StoredIn { get; init; }

    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>The share of the rows looked at that failed.</summary>
    public double? Percent =>
        (Failures, Checked) switch
        {
            ({ } failures, > 0 and var rows) => 100.0 * failures / rows,
            (_, 0) => 0,
            _ => null,
        };
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
