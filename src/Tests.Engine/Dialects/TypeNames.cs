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
        ["float"] = "double",
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
    public static string Normalize(string type)
    {
        var name = string.Join(' ', Strip(type).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return Canonical.GetValueOrDefault(name, name.ToLowerInvariant());
    }

    /// <summary>Whether two names, of whatever engine, mean one type with one length or precision.</summary>
    /// <param name="isExact">Whether a length or precision that only one of them has is a difference.</param>
    public static bool IsSame(string one, string other, bool isExact) =>
        Normalize(one).Equals(Normalize(other), StringComparison.OrdinalIgnoreCase)
        && (Size(one), Size(other)) is var (left, right)
        && (left == right || (!isExact && (left is null || right is null)));

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

    public static bool IsNumeric(TypeFamily family) =>
        family is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float;

    public static bool IsTemporal(TypeFamily family) =>
        family is TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampTz;

    // of '(10, 0)' and '(10)' the same
    private static string? Size(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        if (open < 0 || close < open)
            return null;
        var size = type[(open + 1)..close].Replace(" ", "", StringComparison.Ordinal);
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
