using System.Collections.Immutable;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>The engine-neutral type of a column in transit, and the CLR type of its vector.</summary>
public sealed record TransferType(TransferKind Kind)
{
    /// <summary>Of <see cref="TransferKind.Decimal"/> and <see cref="TransferKind.Int128"/>: digits in all.</summary>
    public int Precision { get; init; }

    /// <summary>Of <see cref="TransferKind.Decimal"/>: digits behind the point.</summary>
    public int Scale { get; init; }

    /// <summary>Of <see cref="TransferKind.List"/>: the element.</summary>
    public TransferType? Element { get; init; }
}

/// <summary>
/// The CLR type behind each kind is the element type of its <see cref="ColumnVector{T}"/>; texts are UTF-8 in a
/// <see cref="Utf8Vector"/>, and strings as elements of lists.
/// </summary>
public enum TransferKind
{
    /// <summary><see cref="bool"/></summary>
    Boolean,

    /// <summary><see cref="short"/></summary>
    Int16,

    /// <summary><see cref="int"/></summary>
    Int32,

    /// <summary><see cref="long"/></summary>
    Int64,

    /// <summary><see cref="System.Int128"/>: hugeint and unsigned 64-bit</summary>
    Int128,

    /// <summary><see cref="float"/></summary>
    Float,

    /// <summary><see cref="double"/></summary>
    Double,

    /// <summary><see cref="System.Int128"/>: the unscaled value, so that 38 digits are exact</summary>
    Decimal,

    /// <summary>text: a number of any size and scale in plain decimal notation</summary>
    Number,

    /// <summary>text</summary>
    Text,

    /// <summary><see cref="byte"/> array</summary>
    Bytes,

    /// <summary><see cref="int"/>: days since 1970-01-01; int.MaxValue and -int.MaxValue are the infinities</summary>
    Date,

    /// <summary><see cref="long"/>: microseconds since midnight</summary>
    Time,

    /// <summary><see cref="TimeTzValue"/></summary>
    TimeTz,

    /// <summary><see cref="long"/>: microseconds since 1970-01-01 without a zone; long.MaxValue and -long.MaxValue are the infinities</summary>
    Timestamp,

    /// <summary><see cref="long"/>: nanoseconds since 1970-01-01 without a zone; infinities as for timestamps</summary>
    TimestampNs,

    /// <summary><see cref="long"/>: microseconds since 1970-01-01 UTC; infinities as for timestamps</summary>
    TimestampTz,

    /// <summary><see cref="IntervalValue"/></summary>
    Interval,

    /// <summary><see cref="System.Guid"/></summary>
    Uuid,

    /// <summary>text in JSON; structs and maps travel as this</summary>
    Json,

    /// <summary>text of the digits 0 and 1</summary>
    Bits,

    /// <summary>one object array (or null) a row, elements as the element kind's CLR type</summary>
    List,

    /// <summary>No values: a type that has no counterpart elsewhere, which every engine refuses to receive.</summary>
    Unsupported,
}
