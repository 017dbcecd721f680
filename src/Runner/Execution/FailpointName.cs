namespace Strata.Runner.Execution;

/// <summary>
/// Every step boundary at which a run can be made to die. The crash suite goes through all of them; a new
/// boundary needs a name here to take part.
/// </summary>
public enum FailpointName
{
    /// <summary>The locks are held, the state is read, nothing is written yet.</summary>
    RunPlanned,

    /// <summary>What dead runs left on one connection is dropped; others, and the state's tables, may not be ready.</summary>
    RunSwept,

    /// <summary>The state's tables are made or changed, nothing is committed.</summary>
    StateBeforeCommit,

    /// <summary>The state's tables of one connection are as this version wants them.</summary>
    StateAfterCommit,

    /// <summary>Left-overs of dead runs are dropped, the state is ready everywhere.</summary>
    RunCleaned,

    /// <summary>The schemas that a node is staged in are there, empty.</summary>
    StageBegun,

    /// <summary>A node's rows are in its stage, its tests have not run.</summary>
    StageAfter,

    /// <summary>Some landed files have been read into the stage, others may not.</summary>
    FilesMidway,

    /// <summary>A transfer has written its first batch of rows.</summary>
    TransferMidway,

    /// <summary>A transfer's rows are all in its stage.</summary>
    TransferAfter,

    /// <summary>A seed's rows are in its stage.</summary>
    SeedAfter,

    /// <summary>A node's tests have passed.</summary>
    AuditAfter,

    /// <summary>The publishing transaction has begun.</summary>
    PublishBegun,

    /// <summary>One relation is changed, others of the transaction may not be.</summary>
    PublishMidway,

    /// <summary>Data and ledger are written, positions and files too; change feeds are not.</summary>
    PublishLedger,

    /// <summary>Data, ledger and feeds are written, nothing is committed.</summary>
    PublishBeforeCommit,

    /// <summary>The transaction is committed; nothing in this process knows it yet.</summary>
    PublishAfterCommit,

    /// <summary>Test results are written outside a publish, nothing is committed.</summary>
    TestsBeforeCommit,

    /// <summary>Test results are on record; their node is not published, or was long ago.</summary>
    TestsAfterCommit,

    /// <summary>Everything is published, the stages are still there.</summary>
    CleanupBefore,

    /// <summary>The stages of one connection are dropped, those of others may be there.</summary>
    CleanupMidway,

    /// <summary>The stages are dropped, the locks are still held.</summary>
    CleanupAfter,

    /// <summary>What goes back is known, nothing is changed yet.</summary>
    RollbackPlanned,

    /// <summary>One relation is back, others of the transaction may not be.</summary>
    RollbackMidway,

    /// <summary>Rows and state of one connection are back, nothing is committed.</summary>
    RollbackBeforeCommit,

    /// <summary>One connection is back, others may not be.</summary>
    RollbackAfterCommit,

    /// <summary>Quarantined rows are marked as dropped, nothing is committed.</summary>
    DropBeforeCommit,

    /// <summary>Quarantined rows are dropped; nothing in this process knows it yet.</summary>
    DropAfterCommit,
}
