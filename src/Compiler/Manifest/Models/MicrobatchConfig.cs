namespace Strata.Compiler.Manifest.Models;

/// <summary>How a microbatch model divides time.</summary>
/// <param name="EventTime">The column of the model's own rows that says which batch a row belongs to.</param>
/// <param name="Begin">The first instant that the model covers.</param>
/// <param name="Lookback">How many batches before the current one are built again, for rows that come late.</param>
/// <param name="Concurrent">Whether batches may be built at the same time; null leaves it to what the SQL reads.</param>
public sealed record MicrobatchConfig(
    string EventTime,
    BatchSize Size,
    DateTimeOffset Begin,
    int Lookback,
    bool? Concurrent
);
