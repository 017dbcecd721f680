namespace Strata.Runner.State.Tests;

/// <summary>How a test ended in one run: a row of the history.</summary>
public sealed record TestObservation
{
    public required string RunId { get; init; }

    /// <summary>The test's unique id.</summary>
    public required string TestId { get; init; }

    public required string Name { get; init; }

    /// <summary>The node that was audited.</summary>
    public required string NodeId { get; init; }

    public string? Column { get; init; }

    /// <summary><c>pass</c>, <c>warn</c>, <c>fail</c>, or <c>error</c> for a test whose own query failed.</summary>
    public required string Status { get; init; }

    /// <summary>The value of the test's fail_calc; null when its query did not run.</summary>
    public long? Failures { get; init; }

    /// <summary>The rows that were looked at; null where nobody had to count them.</summary>
    public long? Checked { get; init; }

    public double? Percent { get; init; }

    /// <summary>The aggregate or statistic that was compared.</summary>
    public string? Observed { get; init; }

    /// <summary>The same as a number, where it is one.</summary>
    public double? ObservedNumber { get; init; }

    /// <summary>When the test fails, as written.</summary>
    public required string Threshold { get; init; }

    public required string Severity { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Whether only the rows of the batch were looked at.</summary>
    public bool BatchOnly { get; init; }

    public required DateTimeOffset TestedAt { get; init; }
}
