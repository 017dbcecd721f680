namespace Strata.Runner.Adapters;

/// <summary>What an engine can do, as far as the runner's choices depend on it.</summary>
public sealed record AdapterCapabilities
{
    /// <summary>Several statements, DDL included, commit or roll back as one.</summary>
    public required bool TransactionalDdl { get; init; }

    /// <summary>
    /// Other sessions hold grants on, or objects that depend on, a relation's identity, so a published table
    /// must be changed in place. Otherwise dropping it and renaming the stage in one transaction is enough.
    /// </summary>
    public required bool RelationIdentityMatters { get; init; }

    /// <summary>
    /// <c>is not distinct from</c> joins as fast as plain equality. Otherwise it compares every pair of rows, or
    /// reads what plain equality would pass over, and null keys are matched apart from the others.
    /// </summary>
    public bool HashesNullSafeEquality { get; init; }

    /// <summary>
    /// Updating rows that lie all over a table costs far more than deleting them and adding them at its end, since
    /// an update touches every block it meets.
    /// </summary>
    public bool ReplacesFasterThanUpdates { get; init; }

    /// <summary>
    /// A join with a short table reads only those parts of a long one that may hold its keys; an anti join reads all of it.
    /// </summary>
    public bool JoinsPruneTarget { get; init; }

    /// <summary>Queries over a freshly loaded table are planned badly until its statistics are gathered.</summary>
    public bool NeedsAnalyze { get; init; }

    /// <summary>Values of one column are counted faster by sorting them than by grouping rows by them.</summary>
    public bool SortsFasterThanGroups { get; init; }

    /// <summary>Tables can be made without write-ahead logging; used for stages.</summary>
    public required bool UnloggedTables { get; init; }

    /// <summary>Reads files by itself: csv, json and parquet (landing zones).</summary>
    public required bool ReadsFiles { get; init; }

    /// <summary>
    /// Checks are cheaper fused into one scan with aggregate filters; otherwise separate prunable predicates
    /// are (see docs/reference/engines.md).
    /// </summary>
    public required bool FusedChecksAreCheaper { get; init; }

    /// <summary><c>count(*)</c> of a table is answered from what the engine knows about it, without reading its rows.</summary>
    public bool CountsTablesQuickly { get; init; }

    /// <summary>How many sessions load one table faster than one does.</summary>
    public int LoadStreams { get; init; } = 1;

    /// <summary>How many rows justify one more of them: what a session costs, in rows.</summary>
    public long RowsPerStream { get; init; } = 200_000;

    /// <summary>Readers in other processes can read while we write.</summary>
    public required bool ConcurrentReaders { get; init; }
}
