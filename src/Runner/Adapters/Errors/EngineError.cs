namespace Strata.Runner.Adapters.Errors;

/// <param name="Message">The engine's own words, secrets redacted.</param>
public sealed record EngineError(EngineErrorKind Kind, string Message)
{
    /// <summary>The dialect of the engine that says so: where rows go from one to another, either can. Null where it is not an engine's.</summary>
    public string? Engine { get; init; }

    /// <summary>UTF-16 offset into the statement that failed, where the engine gives one.</summary>
    public int? Position { get; init; }

    /// <summary>The engine's hint or the nearest names it offers.</summary>
    public string? Hint { get; init; }

    /// <summary>The engine's code: an SQLSTATE, an exception type.</summary>
    public string? Code { get; init; }

    /// <summary>Worth trying again without any change: a lost connection, a serialization failure, a lock time-out.</summary>
    public bool IsTransient { get; init; }
}

public enum EngineErrorKind
{
    /// <summary>The statement is wrong: syntax, an unknown table, column or function, a type mismatch.</summary>
    Statement,

    /// <summary>The data is wrong: a cast, a constraint, a division by zero.</summary>
    Data,

    /// <summary>A file that the statement reads is missing or cannot be parsed.</summary>
    File,

    /// <summary>The statement would change something, or is no query, where only reading is allowed.</summary>
    ReadOnly,

    /// <summary>The engine is not there, or went away.</summary>
    Connection,

    /// <summary>User, password or privilege.</summary>
    Permission,

    /// <summary>Another process holds the database or the state.</summary>
    Locked,

    /// <summary>A lock was not had in time, a deadlock, a write-write conflict.</summary>
    Conflict,

    /// <summary>Other objects depend on what the statement would drop or change.</summary>
    Dependents,

    /// <summary>Out of disk, memory or connections.</summary>
    Resources,

    /// <summary>A feature of the transfer or engine that does not exist.</summary>
    Unsupported,

    Other,
}
