using System.Globalization;
using Strata.Compiler.Sql;

namespace Strata.Tests.Engine.Dialects;

/// <summary>Reads the type names of all engines: aliases are one type.</summary>
public static class TypeNames
{
    private static readonly Dictionary<string, string> Canonical = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bool"] = "boolean",
        ["logical"] = "boolean",
        ["int1"] = "tinyint",
        ["int2"] = "smallint",
        ["short"] = "smallint",
        ["smallserial"] = "smallint",
        ["int4"] = "integer",
        ["int"] = "integer",
        ["signed"] = "integer",
        ["serial"] = "integer",
        ["int8"] = "bigint",
        ["long"] = "bigint",
        ["bigserial"] = "bigint",
        ["numeric"] = "decimal",
        ["dec"] = "decimal",
        ["float4"] = "real",
        ["float8"] = "double",
        ["double precision"] = "double",
        ["double_precision"] = "double",
        ["varchar"] = "text",
        ["character varying"] = "text",
        ["string"] = "text",
        ["character"] = "char",
        ["bpchar"] = "char",
        ["timestamp without time zone"] = "timestamp",
        ["datetime"] = "timestamp",
        ["timestamp with time zone"] = "timestamptz",
        ["time without time zone"] = "time",
        ["bytea"] = "blob",
        ["binary"] = "blob",
        ["varbinary"] = "blob",
    };

    /// <summary>The one name of a type: lower case, aliases resolved, length and precision left out.</summary>
    /// <param name="engine">Whose name it is: DuckDB's float has 4 bytes, that of other engines 8. Null where it is not known.</param>
    public static string Normalize(string type, EngineType? engine = null)
    {
        var name = string.Join(' ', Strip(type).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (name.Equals("float", StringComparison.OrdinalIgnoreCase))
            return engine == EngineType.DuckDb ? "real" : "double";
        return Canonical.GetValueOrDefault(name, name.ToLowerInvariant());
    }

    /// <summary>Whether two names mean one type of an engine with one length or precision.</summary>
    /// <param name="isExact">Whether a length or precision that only one of them has is a difference.</param>
    public static bool IsSame(string one, string other, EngineType engine, bool isExact) =>
        IsSameName(one, other, engine)
        && (Size(one), Size(other)) is var (left, right)
        && (left == right || (!isExact && (left is null || right is null)));

    /// <summary>Whether a column has a type that somebody asks for: its length or precision counts where it is asked for and known.</summary>
    public static bool Fits(string asked, string actual, EngineType engine) =>
        IsSameName(asked, actual, engine)
        && (Size(asked), Size(actual)) is var (left, right)
        && (left == right || !IsNumber(left) || !IsNumber(right));

    private static bool IsSameName(string one, string other, EngineType engine) =>
        Normalize(one, engine).Equals(Normalize(other, engine), StringComparison.OrdinalIgnoreCase);

    // in other parentheses stand types and words, which have spellings of their own
    private static bool IsNumber(string? size) =>
        size?.All(c => char.IsAsciiDigit(c) || c is ',' or '-') == true;

    public static TypeFamily Classify(string? type) =>
        type is null
            ? TypeFamily.Other
            : Normalize(type) switch
            {
                "boolean" => TypeFamily.Boolean,
                "tinyint" or "smallint" or "integer" or "bigint" or "hugeint" or "utinyint" =>
                    TypeFamily.Integer,
                "usmallint" or "uinteger" or "ubigint" or "uhugeint" => TypeFamily.Integer,
                "decimal" => TypeFamily.Decimal,
                "real" or "double" => TypeFamily.Float,
                "text" or "char" or "name" or "citext" => TypeFamily.Text,
                "date" => TypeFamily.Date,
                "timestamp" or "timestamp_s" or "timestamp_ms" or "timestamp_ns" => TypeFamily.Timestamp,
                "timestamptz" => TypeFamily.TimestampTz,
                "time" => TypeFamily.Time,
                "uuid" => TypeFamily.Uuid,
                _ => TypeFamily.Other,
            };

    /// <summary>The decimal places of a decimal that says how many; null otherwise.</summary>
    public static int? ScaleOf(string type) =>
        type.IndexOf(',') is var comma
        && comma > 0
        && type.IndexOf(')', comma) is var end
        && end > comma
        && int.TryParse(
            type.AsSpan(comma + 1, end - comma - 1),
            NumberStyles.Integer,
            CultureInfo.InvariantCulture,
            out var scale
        )
            ? scale
            : null;

    public static bool IsNumeric(TypeFamily family) =>
        family is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float;

    public static bool IsTemporal(TypeFamily family) =>
        family is TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampTz;

    // of '(10, 0)' and '(10)' the same; of '("a" integer)' and '(a integer)', too: baselines of earlier versions quote every field
    private static string? Size(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        if (open < 0 || close < open)
            return null;
        var size = type[(open + 1)..close]
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("\"", "", StringComparison.Ordinal);
        return size.EndsWith(",0", StringComparison.Ordinal) ? size[..^2] : size;
    }

    // 'timestamp(3) with time zone' keeps what stands behind the parenthesis; an array stays an array
    private static string Strip(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        return open < 0 || close < open ? type : type[..open] + type[(close + 1)..];
    }
}
