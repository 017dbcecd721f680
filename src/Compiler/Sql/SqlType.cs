namespace Strata.Compiler.Sql;

/// <summary>The types that Strata itself names in SQL that it writes (state tables, seeds, rejected rows).</summary>
public enum SqlType
{
    Boolean,
    Integer,
    BigInt,
    Double,
    Date,
    Timestamp,
    TimestampTz,
    Text,
}
