namespace Strata.Compiler.Manifest.Tests;

/// <summary>When a test warns or fails, and what it leaves behind.</summary>
public sealed record TestConfig
{
    public TestSeverity Severity { get; init; } = TestSeverity.Error;

    /// <summary>A comparison behind the failure count, as SQL: <c>&gt; 10</c>, <c>!= 0</c>.</summary>
    public string WarnIf { get; init; } = "!= 0";

    public string ErrorIf { get; init; } = "!= 0";

    /// <summary>An aggregate over the failing rows.</summary>
    public string FailCalc { get; init; } = "count(*)";

    /// <summary>A boolean SQL expression that picks the rows to check.</summary>
    public string? Where { get; init; }

    public long? Limit { get; init; }

    public bool StoreFailures { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The share of rows that must satisfy the expectation, 0 to 1; null means all.</summary>
    public double? Mostly { get; init; }
}

public enum TestSeverity
{
    Error,
    Warn,
    Quarantine,
}
