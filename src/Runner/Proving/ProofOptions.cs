namespace Strata.Runner.Proving;

/// <summary>How hard a model is tried.</summary>
public sealed record ProofOptions
{
    public const int DefaultRows = 2000;

    /// <summary>Decides every shuffle: the same seed and the same rows give the same schedules.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many rows of each input are taken.</summary>
    public int Rows { get; init; } = DefaultRows;

    /// <summary>How many schedules are tried; null for one of each kind that fits the model.</summary>
    public int? Schedules { get; init; }

    /// <summary>The unit test whose given rows are taken instead of the real ones.</summary>
    public string? Fixture { get; init; }
}
