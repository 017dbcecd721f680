namespace Strata.Simulators.Events;

/// <summary>What is simulated, and which part of it is landed. Days are counted from 1.</summary>
public sealed record SimulatorOptions
{
    public long Seed { get; init; } = 42;

    /// <summary>The first day of the simulated period, UTC.</summary>
    public DateOnly Start { get; init; } = new(2026, 1, 1);

    /// <summary>How many days the simulated period has. Days after it go on at the same pace.</summary>
    public int Days { get; init; } = 30;

    /// <summary>How many events happen in the whole period, duplicates not counted.</summary>
    public int Events { get; init; } = 200_000;

    /// <summary>The first day to land.</summary>
    public int FromDay { get; init; } = 1;

    /// <summary>The last day to land; null means the last of the period.</summary>
    public int? ToDay { get; init; }

    /// <summary>Land the day after the last one that the landing zone has.</summary>
    public bool AppendDay { get; init; }

    public required string Out { get; init; }
}
