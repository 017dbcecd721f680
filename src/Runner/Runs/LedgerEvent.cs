namespace Strata.Runner.Runs;

/// <summary>A row of the ledger: a node was published, rolled back, or dropped.</summary>
/// <param name="BatchId">Where the node stood afterwards; 0 when it was gone.</param>
/// <param name="Batches">Of a microbatch model: how many of its batches were published together; null where that was not noted.</param>
public sealed record LedgerEvent(
    string Node,
    string RunId,
    long BatchId,
    string Action,
    long? Rows,
    long? Inserted,
    long? Updated,
    long? Deleted,
    TimeSpan Duration,
    DateTimeOffset At,
    long? Batches
)
{
    public const string Rollback = "rollback";
    public const string Drop = "drop";
}
