using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Dialects;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Which values an engine would change silently when it casts them. Every pair of types is checked unless it is known that no value
/// changes, or that the engine refuses those that would.
/// </summary>
internal static partial class LossyCasts
{
    private static readonly ImmutableArray<string> Cutting =
    [
        "character",
        "varchar",
        "bit",
        "interval",
        "time",
    ];

    private static readonly ImmutableArray<string> Small = ["tinyint", "utinyint", "smallint", "usmallint"];

    /// <summary>A condition, true for a value that would not be the same; null where there are none.</summary>
    /// <param name="value">An expression of type <paramref name="from"/>.</param>
    public static string? Condition(SqlDialect dialect, string value, string from, string to)
    {
        var isDuckDb = dialect.Engine == EngineType.DuckDb;
        if (!isDuckDb && IsArray(from) && IsArray(to))
            return Condition(dialect, "_element", from[..^2], to[..^2]) is { } changes
                ? $"exists (select 1 from unnest({value}) as _elements(_element) where {changes})"
                : null;
        var (family, other) = (TypeNames.Classify(from), TypeNames.Classify(to));
        var cast = $"cast({value} as {to})";
        return (family, other) switch
        {
            (TypeFamily.Integer, TypeFamily.Integer or TypeFamily.Decimal) => null,
            (TypeFamily.Decimal or TypeFamily.Float, TypeFamily.Integer or TypeFamily.Decimal) =>
                $"{cast} is distinct from {value}",
            (TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float, TypeFamily.Float) => Approximated(
                dialect,
                value,
                from,
                to
            ),
            (TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float, TypeFamily.Boolean) =>
                $"{value} not in (0, 1)",
            (TypeFamily.Boolean, TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float) => null,
            (TypeFamily.Date, TypeFamily.Timestamp or TypeFamily.TimestampTz) => null,
            (TypeFamily.Timestamp or TypeFamily.TimestampTz, TypeFamily.Date) =>
                $"{cast} is distinct from {value}",
            (TypeFamily.Timestamp, TypeFamily.Timestamp) => $"{cast} is distinct from {value}",
            // an hour of the year is not there, or twice, in local time
            (TypeFamily.Timestamp, TypeFamily.TimestampTz) =>
                $"cast({cast} as {from}) is distinct from {value}",
            (TypeFamily.TimestampTz, TypeFamily.Timestamp) =>
                $"cast({cast} as {from}) is distinct from {value}",
            (TypeFamily.Timestamp or TypeFamily.TimestampTz, TypeFamily.Time) => $"{value} is not null",
            (TypeFamily.Text, not TypeFamily.Text) => OfText(dialect, value, other, to),
            (_, TypeFamily.Text) => Cut(value, to),
            _ => isDuckDb ? RoundTrip(value, from, to) : OfPostgres(value, (family, from), (other, to)),
        };
    }

    /// <summary>A float takes fractions as near as it can, but it has no place for every whole number.</summary>
    private static string? Approximated(SqlDialect dialect, string value, string from, string to)
    {
        var source = TypeNames.Normalize(from, dialect.Engine);
        var isReal = TypeNames.Normalize(to, dialect.Engine) == "real";
        if (Small.Contains(source) || (!isReal && source is "integer" or "uinteger" or "real" or "double"))
            return null;
        // from the first on not every whole number is there, up to the second an integer holds what is
        var (gaps, (whole, last)) = (
            isReal ? "16777216" : "9007199254740992",
            dialect.Engine == EngineType.DuckDb
                ? ("hugeint", "1.7014118346046921e38")
                : ("bigint", "9223372036854774784")
        );
        var cast = $"cast({value} as {to})";
        var beyond = TypeNames.Classify(from) == TypeFamily.Integer ? $"{value} is not null" : "false";
        return $"case when abs({cast}) < {gaps} then false "
            + $"when abs({cast}) <= {last} then cast({cast} as {whole}) <> cast({value} as {whole}) else {beyond} end";
    }

    /// <summary>A text may spell a value in many ways: what it loses is told by the value that a wider type has of it.</summary>
    private static string? OfText(SqlDialect dialect, string value, TypeFamily family, string to)
    {
        var cast = $"cast({value} as {to})";
        var isDuckDb = dialect.Engine == EngineType.DuckDb;
        return family switch
        {
            TypeFamily.Integer or TypeFamily.Decimal =>
                $"{cast} is distinct from {dialect.TextAsNumber(value)}",
            TypeFamily.Date => $"{cast} is distinct from cast({value} as timestamp)",
            TypeFamily.Timestamp or TypeFamily.TimestampTz or TypeFamily.Time when isDuckDb =>
                $"regexp_matches({value}, '[.][0-9]{{{Decimals(to)}}}[0-9]*[1-9]')",
            // another zone than the session's would be left out
            TypeFamily.Timestamp =>
                $"{cast} is distinct from cast(cast({value} as timestamptz) as timestamp)",
            TypeFamily.TimestampTz when IsCut(to) => $"{cast} is distinct from cast({value} as timestamptz)",
            TypeFamily.Time when IsCut(to) => $"{cast} is distinct from cast({value} as time)",
            _ when to.StartsWith("bit", StringComparison.OrdinalIgnoreCase) => Cut(value, to),
            _ => null,
        };
    }

    /// <summary>How many decimals of a second a type of DuckDB's has.</summary>
    private static int Decimals(string type) =>
        type switch
        {
            "TIMESTAMP_S" => 0,
            "TIMESTAMP_MS" => 3,
            "TIMESTAMP_NS" or "TIME_NS" => 9,
            _ => 6,
        };

    /// <summary>What is cast there and back is the same, inside lists and structs, too.</summary>
    private static string? RoundTrip(string value, string from, string to)
    {
        // a document spells its values as a text does; and every value has a place in one, or is a member of a union as it is
        if (from == "JSON" || to == "JSON" || to.Contains("UNION(", StringComparison.Ordinal))
            return null;
        var back = $"try_cast(cast({value} as {to}) as {from})";
        // where a double becomes a float, it need only be the same float
        var words = Word().Matches(to).Select(match => match.Value).ToHashSet();
        if (!words.Contains("FLOAT") || words.Contains("DOUBLE"))
            return $"{back} is distinct from {value}";
        var narrow = Word().Replace(from, match => match.Value == "DOUBLE" ? "FLOAT" : match.Value);
        return $"cast({back} as {narrow}) is distinct from cast({value} as {narrow})";
    }

    /// <summary>Postgres has no cast back for most pairs, and refuses the others.</summary>
    private static string? OfPostgres(
        string value,
        (TypeFamily Family, string Name) from,
        (TypeFamily Family, string Name) to
    )
    {
        var (source, target) = (TypeNames.Normalize(from.Name), TypeNames.Normalize(to.Name));
        var cast = $"cast({value} as {to.Name})";
        return (source, target) switch
        {
            ("time with time zone", "time") => $"{value} is not null",
            ("timestamp" or "timestamptz", "time with time zone") => $"{value} is not null",
            _ when source.StartsWith("interval", StringComparison.Ordinal) && target == "time" => Back(),
            ("inet", "cidr") => Back(),
            (_, "money") when from.Family == TypeFamily.Decimal => Back(),
            (_, "bit") when from.Family == TypeFamily.Integer => Back(),
            ("jsonb", _) when to.Family is TypeFamily.Integer or TypeFamily.Decimal =>
                $"{cast} is distinct from cast({value} as numeric)",
            _ => from.Family == to.Family ? Cut(value, to.Name) : null,
        };

        string Back() => $"cast({cast} as {from.Name}) is distinct from {value}";
    }

    /// <summary>Values that are cut have another text.</summary>
    private static string? Cut(string value, string to)
    {
        if (!IsCut(to))
            return null;
        var (before, after) = ($"cast({value} as text)", $"cast(cast({value} as {to}) as text)");
        // blanks at the end of a char(n) are none
        return to.StartsWith("character(", StringComparison.OrdinalIgnoreCase)
            ? $"rtrim({after}) is distinct from rtrim({before})"
            : $"{after} is distinct from {before}";
    }

    /// <summary>Whether a type has a length, a precision or fields that Postgres cuts values to without a word: its text is shorter then.</summary>
    private static bool IsCut(string type) =>
        type is "name" or "\"char\""
        || type.StartsWith("interval ", StringComparison.OrdinalIgnoreCase)
        || (
            type.Contains('(', StringComparison.Ordinal)
            && Cutting.Any(name => type.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        );

    private static bool IsArray(string type) => type.EndsWith("[]", StringComparison.Ordinal);

    // names and values in quotes as a whole
    [GeneratedRegex(
        """
            "(?:[^"]|"")*"|'(?:[^']|'')*'|\w+
            """
    )]
    private static partial Regex Word();
}
