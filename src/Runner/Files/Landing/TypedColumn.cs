using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;

namespace Strata.Runner.Files.Landing;

/// <summary>A declared column of landed rows as an expression of its type, and when a value does not fit.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Expression">The same with its type; null where it does not fit.</param>
/// <param name="Misfit">True for a value that does not fit; null where every value fits.</param>
internal sealed record TypedColumn(string Name, string Value, string Expression, string? Misfit)
{
    private static readonly string[] Integers =
    [
        "tinyint",
        "smallint",
        "integer",
        "int",
        "bigint",
        "hugeint",
        "utinyint",
        "usmallint",
        "uinteger",
        "ubigint",
        "uhugeint",
        "int1",
        "int2",
        "int4",
        "int8",
        "short",
        "long",
        "signed",
    ];

    private static readonly string[] Texts = ["varchar", "text", "string", "char", "bpchar"];

    /// <summary>What does not fit, in words, where it is something within the value; null where it fits.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether a type takes every text as it is.</summary>
    public static bool IsText(string type) => Texts.Contains(Plain(type));

    /// <summary>Whether texts of a type are not cast as the engine casts them.</summary>
    public static bool HasOwnCast(string type) => Plain(type) is "timestamp" or "datetime";

    /// <param name="value">An expression that gives the text of a JSON value, of a JSON text what is in the quotes.</param>
    public static TypedColumn OfJson(SqlDialect dialect, ColumnInfo column, string value, CsvDialect csv) =>
        column.DataType is { } type && NestedType.Parse(type) is { } nested
            ? NestedValues.Create(dialect, column, nested, value, isJson: true)
            : Create(dialect, column, value, csv);

    /// <param name="value">An expression that gives text, or of parquet the file's own type.</param>
    /// <param name="csv">How text is written; null for values that have a type of their own.</param>
    public static TypedColumn Create(SqlDialect dialect, ColumnInfo column, string value, CsvDialect? csv)
    {
        if (column.DataType is { } written && csv is not null && NestedType.Parse(written) is { } nested)
            return NestedValues.Create(dialect, column, nested, value, isJson: false);
        if (column.DataType is not { } type || (csv is not null && IsText(type)))
            return new TypedColumn(column.Name, value, value, null);
        var typed = csv is null ? FromValue(type, value) : FromText(dialect, type, value, csv, strict: false);
        var isThere = csv is null ? $"{value} is not null" : $"nullif({value}, '') is not null";
        return new TypedColumn(column.Name, value, typed, $"({isThere} and {typed} is null)");
    }

    /// <summary>An expression that is an error of the engine for a text that does not fit.</summary>
    public static string Strict(SqlDialect dialect, ColumnInfo column, string value, CsvDialect csv) =>
        column.DataType is not { } type || IsText(type) ? value
        : NestedType.Parse(type) is { } nested
            ? NestedValues.Create(dialect, column, nested, value, isJson: false, strict: true).Expression
        : FromText(dialect, type, value, csv, strict: true);

    /// <summary>Why the row is rejected, naming the column, the value and the type; null for a value that fits.</summary>
    public string Reason(SqlDialect dialect, string type) =>
        Problem
        ?? $"case when {Misfit} then {dialect.QuoteString($"column '{Name}': '")} || left(cast({Value} as varchar), 100) "
            + $"|| {dialect.QuoteString($"' is not a valid {type}")} end";

    /// <summary>Of a value that has a type of its own: null also where the engine would round it in silence.</summary>
    private static string FromValue(string type, string value)
    {
        var cast = $"try_cast({value} as {type})";
        if (NestedType.Parse(type) is not null)
            return cast;
        var name = Plain(type);
        var loses =
            Integers.Contains(name) ? $"try_cast({value} as double) <> {cast}"
            // a double holds most fractions only nearly: the nearest decimal is what is meant
            : name is "decimal" or "numeric"
                ? $"typeof({value}) like 'DECIMAL%' and try_cast({value} as double) <> cast({cast} as double)"
            : name == "date"
                ? $"typeof({value}) like 'TIMESTAMP%' and try_cast({value} as timestamp) <> cast({cast} as timestamp)"
            : null;
        return loses is null ? cast : $"case when {loses} then null else {cast} end";
    }

    /// <summary>A text with the type of a column; null, or an error, where it does not fit.</summary>
    public static string FromText(SqlDialect dialect, string type, string value, CsvDialect csv, bool strict)
    {
        // an empty text in quotes is a text, but no number
        var text = $"nullif({value}, '')";
        var mild = strict ? "" : "try_";
        var name = Plain(type);
        if (csv.DateFormat is { } date && name == "date")
            return $"cast({mild}strptime({text}, {dialect.QuoteString(date)}) as date)";
        if (csv.TimestampFormat is { } format && name is ("timestamp" or "timestamptz" or "datetime"))
            return $"{mild}cast({mild}strptime({text}, {dialect.QuoteString(format)}) as {type})";
        var plain =
            csv.DecimalSeparator == ',' && IsFractional(name)
                ? $"replace(replace({text}, '.', ''), ',', '.')"
                : text;
        var cast = $"{mild}cast({plain} as {type})";
        if (name is "timestamp" or "datetime")
        {
            // the engine leaves an offset out; a time without a zone is one of UTC
            var ending = $"right({text}, 6)";
            var instant = $"make_timestamp(epoch_us({mild}cast({text} as timestamptz)))";
            return $"case when length({text}) > 16 and (contains({ending}, '+') or contains({ending}, '-')) "
                + $"then {instant} else {cast} end";
        }
        return Loses(type, name, plain) is not { } loses ? cast
            : strict
                ? $"case when {loses} then cast(concat({dialect.QuoteString($"no {type}: ")}, {text}) as {type}) else {cast} end"
            : $"case when {loses} then null else {cast} end";
    }

    /// <summary>True for a text of which the engine would leave something out in silence: digits, or what follows a date; null where it does not.</summary>
    private static string? Loses(string type, string name, string text)
    {
        if (Integers.Contains(name))
            return $"(contains({text}, '.') or contains({text}, 'e-') or contains({text}, 'E-')) "
                + $"and try_cast({text} as double) <> try_cast({text} as {type})";
        if (name == "date")
        {
            // a timestamp takes nothing that it does not understand; what looks like a plain date need not be asked
            var isPlain =
                $"length({text}) = 10 and substr({text}, 8, 1) in ('-', '/') and right({text}, 1) between '0' and '9'";
            return $"not ({isPlain}) and try_cast(trim({text}) as timestamp) is distinct from try_cast(try_cast({text} as date) as timestamp)";
        }
        if (name == "time")
            return $"contains({text}, '+') or contains({text}, '-') or {text} is not null and try_cast('2000-01-01 ' || ltrim({text}) as timestamp) is null";
        if (name is not ("decimal" or "numeric"))
            return null;
        var scale = ScaleOf(type).ToString(CultureInfo.InvariantCulture);
        return $"case when contains(lower({text}), 'e') then try_cast({text} as double) <> try_cast(try_cast({text} as {type}) as double) "
            + $"else contains({text}, '.') and length(rtrim(split_part({text}, '.', 2), '0 ')) > {scale} end";
    }

    // decimal is decimal(18,3), and decimal(p) is decimal(p,0)
    private static int ScaleOf(string type)
    {
        var inner = type.Split('(', ')');
        if (inner.Length < 2)
            return 3;
        var parts = inner[1].Split(',');
        return parts.Length == 2 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var scale)
            ? scale
            : 0;
    }

    private static bool IsFractional(string name) =>
        name is "decimal" or "numeric" or "double" or "float" or "real" or "float4" or "float8";

    private static string Plain(string type) => type.Split('(', ' ')[0].Trim().ToLowerInvariant();
}
