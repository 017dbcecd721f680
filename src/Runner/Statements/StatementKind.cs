namespace Strata.Runner.Statements;

/// <summary>What was asked of the engine; the log has these names in lower case.</summary>
internal enum StatementKind
{
    /// <summary>It changes something.</summary>
    Statement,

    /// <summary>It gives rows.</summary>
    Query,

    /// <summary>A query whose rows are carried elsewhere in bulk.</summary>
    Read,

    /// <summary>A table that is loaded in bulk.</summary>
    Write,

    /// <summary>What columns there are. A query is parsed for it, and not run.</summary>
    Describe,

    Begin,
    Commit,
    Rollback,

    /// <summary>A session is opened.</summary>
    Connect,

    /// <summary>The writer's lock is taken.</summary>
    Lock,
}
