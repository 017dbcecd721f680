namespace Strata.Tests.Engine.Dialects;

/// <summary>What kind of values an engine type holds, as far as comparing and writing literals goes.</summary>
public enum TypeFamily
{
    /// <summary>Not known, or a type with rules of its own.</summary>
    Other,
    Boolean,
    Integer,
    Decimal,
    Float,
    Text,
    Date,
    Timestamp,
    TimestampTz,
    Time,
    Uuid,
}
