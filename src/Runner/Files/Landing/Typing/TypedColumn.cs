using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;

namespace Strata.Runner.Files.Landing.Typing;

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

    /// <summary>The same for a value that is known to fit, which costs less.</summary>
    public string Fitting { get; init; } = Expression;

    /// <summary>What does not fit, in words, where it is something within the value; null where it fits.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether a type takes every text as it is.</summary>
    public static bool IsText(string type) => Texts.Contains(Plain(type));

    /// <summary>Whether texts of a type are not cast as the engine casts them.</summary>
    public static bool HasOwnCast(string type) =>
        Plain(type) is "timestamp" or "datetime" or "timestamp_us" or "timestamp_ms" or "timestamp_s";

    /// <param name="value">An expression that gives the text of a JSON value, of a JSON text what is in the quotes.</param>
    public static TypedColumn OfJson(SqlDialect dialect, ColumnInfo column, string value, CsvDialect csv) =>
        column.DataType is { } type && NestedType.Parse(type) is { } nested
            ? NestedValues.Create(dialect, column, nested, value, isJson: true)
            : Create(dialect, column, value, csv, emptyIsNull: false);

    /// <param name="value">An expression that gives text, or of parquet the file's own type.</param>
    /// <param name="csv">How text is written; null for values that have a type of their own.</param>
    /// <param name="emptyIsNull">Whether an empty text is no value: csv has no other way to write that, and JSON has null.</param>
    public static TypedColumn Create(
        SqlDialect dialect,
        ColumnInfo column,
        string value,
        CsvDialect? csv,
        bool emptyIsNull = true
    )
    {
        if (column.DataType is { } written && csv is not null && NestedType.Parse(written) is { } nested)
            return NestedValues.Create(dialect, column, nested, value, isJson: false);
        if (column.DataType is not { } type || (csv is not null && IsText(type)))
            return new TypedColumn(column.Name, value, value, null);
        var typed = csv is null ? FromValue(type, value) : FromText(dialect, type, value, csv);
        var isThere =
            csv is null || !emptyIsNull ? $"{value} is not null" : $"nullif({value}, '') is not null";
        return new TypedColumn(column.Name, value, typed, $"({isThere} and {typed} is null)")
        {
            Fitting = csv is null
                ? $"try_cast({value} as {type})"
                : FromText(dialect, type, value, csv, fits: true),
        };
    }

    /// <summary>An expression that is an error of the engine for a text that does not fit, which <see cref="MisfitError"/> understands.</summary>
    /// <param name="file">An expression for the path of the file.</param>
    public static string Strict(
        SqlDialect dialect,
        ColumnInfo column,
        string value,
        CsvDialect csv,
        string file
    )
    {
        if (column.DataType is not { } type || IsText(type))
            return value;
        if (NestedType.Parse(type) is { } nested)
            return NestedValues.Create(dialect, column, nested, value, isJson: false, file).Expression;
        var typed = Create(dialect, column, value, csv);
        return $"coalesce({typed.Expression}, case when nullif({value}, '') is not null "
            + $"then cast({MisfitError.Text(file, typed.Words(dialect, type))} as {type}) end)";
    }

    /// <summary>Why the row is rejected, naming the column, the value and the type; null for a value that fits.</summary>
    public string Reason(SqlDialect dialect, string type) =>
        Problem ?? $"case when {Misfit} then {Words(dialect, type)} end";

    private string Words(SqlDialect dialect, string type) =>
        $"{dialect.QuoteString($"column '{Name}': '")} || left(cast({Value} as varchar), 100) || {dialect.QuoteString($"' is not a valid {type}")}";

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
            : name is "timestamp" or "datetime" or "timestamptz"
                ? $"typeof({value}) = 'TIMESTAMP_NS' and try_cast({value} as timestamp_ns) <> try_cast(try_cast({value} as timestamp) as timestamp_ns)"
            : name == "date"
                ? $"typeof({value}) like 'TIMESTAMP%' and try_cast({value} as timestamp) <> cast({cast} as timestamp)"
            : null;
        return loses is null ? cast : $"case when {loses} then null else {cast} end";
    }

    /// <summary>A text with the type of a column; null where it does not fit.</summary>
    /// <param name="fits">It is known to fit: what the engine makes of it is what it says.</param>
    public static string FromText(
        SqlDialect dialect,
        string type,
        string value,
        CsvDialect csv,
        bool fits = false
    )
    {
        // an empty text in quotes is a text, but no number
        var text = $"nullif({value}, '')";
        var name = Plain(type);
        if (csv.DateFormat is { } date && name == "date")
        {
            var day = $"cast(try_strptime({text}, {dialect.QuoteString(date)}) as date)";
            return fits ? day : WithWholeYear(day, date, type, text);
        }
        if (csv.TimestampFormat is { } format && name is ("timestamp" or "timestamptz" or "datetime"))
        {
            var read = $"try_cast(try_strptime({text}, {dialect.QuoteString(format)}) as {type})";
            if (fits)
                return read;
            var nanos = format.Contains("%n", StringComparison.Ordinal) ? LosesFraction(value, 6) : null;
            return Checked(WithWholeYear(read, format, type, text), nanos);
        }
        var isComma = csv.DecimalSeparator == ',' && IsFractional(name);
        var plain = isComma ? $"replace(replace({text}, '.', ''), ',', '.')" : text;
        var cast = $"try_cast({plain} as {type})";
        if (HasOwnCast(type))
        {
            // the engine leaves an offset out; a time without a zone is one of UTC
            var time = $"substr({text}, instr({text}, ':') + 1)";
            var instant = $"cast(make_timestamp(epoch_us(try_cast({text} as timestamptz))) as {type})";
            cast =
                $"case when length({text}) > 16 and contains({text}, ':') and (contains({time}, '+') or contains({time}, '-')) "
                + $"then {instant} else {cast} end";
        }
        return fits ? cast : Checked(cast, Loses(type, name, isComma ? plain : value));
    }

    /// <param name="loses">True for a text that does not fit although the engine takes it; null where there is none.</param>
    private static string Checked(string cast, string? loses) =>
        loses is null ? cast : $"case when {loses} then null else {cast} end";

    /// <summary>
    /// By a format the engine reads <c>15</c> as the year 15. Only of years that have so few digits, or are written so, the text is looked at.
    /// </summary>
    private static string WithWholeYear(string cast, string format, string type, string text)
    {
        if (!format.Contains("%Y", StringComparison.Ordinal))
            return cast;
        var last = $"cast('0999-12-31' as {type})";
        // of null and a value the engine takes the value for the greatest
        return $"coalesce(nullif(greatest({cast}, {last}), {last}), case when regexp_matches({text}, '[0-9]{{4}}') then {cast} end)";
    }

    /// <summary>
    /// True for a text of which the engine would make something else in silence: it leaves out digits, or what follows a date, takes
    /// <c>12_34</c> and <c>0x1F</c> for numbers, <c>15-01-02</c> for a day of the year 15, <c>epoch</c> for a time. Null for a type where it does not.
    /// What a value has that is written as usual is looked for first, and costs little.
    /// </summary>
    private static string? Loses(string type, string name, string text)
    {
        if (Integers.Contains(name))
        {
            var second = $"substr({text}, 2, 1)";
            return $"contains({text}, '_') or ({text} >= '0A' and {text} < '1' and {second} not in ('e', 'E')) "
                + $"or ({text} < '!' and regexp_matches({text}, '0[xXbB]')) "
                + $"or ((contains({text}, '.') or contains({text}, 'e') or contains({text}, 'E')) and {NeedsDigits(text, 0)})";
        }
        if (name is "decimal" or "numeric")
        {
            var scale = ScaleOf(type);
            return $"contains({text}, '_') or case when contains({text}, 'e') or contains({text}, 'E') then {NeedsDigits(text, scale)} "
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"else contains({text}, '.') and length(rtrim(split_part({text}, '.', 2), '0 ')) > {scale} end"
                );
        }
        // a number that is too great becomes infinite
        if (IsFractional(name))
            return $"contains({text}, '_') or ((contains({text}, 'e') or contains({text}, 'E') or length({text}) > 38) "
                + $"and isinf(try_cast({text} as {type})) and not contains(lower({text}), 'inf'))";
        if (name == "date")
        {
            // a timestamp takes nothing that it does not understand; what looks like a plain date need not be asked
            var isPlain =
                $"length({text}) = 10 and substr({text}, 8, 1) in ('-', '/') and right({text}, 1) between '0' and '9' and {text} >= '0'";
            // a day of another zone is none of UTC
            return $"not ({isPlain}) and (try_cast(trim({text}) as timestamp) is distinct from try_cast(try_cast({text} as date) as timestamp) "
                + $"or regexp_matches({text}, ':[^+-]*[+-][0-9:]*[1-9]') or {LosesYear(text)})";
        }
        if (name == "time")
            return $"contains({text}, '+') or contains({text}, '-') or nullif({text}, '') is not null and try_cast('2000-01-01 ' || ltrim({text}) as timestamp) is null "
                + $"or {LosesFraction(text, 6)}";
        return name switch
        {
            "timestamp" or "datetime" or "timestamptz" or "timestamp_us" => OfTime(6),
            "timestamp_s" => OfTime(0),
            "timestamp_ms" => OfTime(3),
            "timestamp_ns" => OfTime(9),
            _ => null,
        };

        string OfTime(int digits) =>
            $"{LosesFraction(text, digits)} or (instr({text}, '-') <> 5 or {text} < '0') and {LosesYear(text)}";
    }

    /// <summary>True for a number that has more digits behind the point than there is room for, by its exponent, too. Exact.</summary>
    private static string NeedsDigits(string text, int room)
    {
        var lower = $"lower({text})";
        var mantissa = $"trim(split_part({lower}, 'e', 1))";
        var digits = $"replace({mantissa}, '.', '')";
        var exponent =
            $"coalesce(try_cast(nullif(split_part({lower}, 'e', 2), '') as bigint), case when contains({lower}, 'e') then -1000000 else 0 end)";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"(ltrim({digits}, '+-0') <> '' and length(split_part({mantissa}, '.', 2)) - (length({digits}) - length(rtrim({digits}, '0'))) - {exponent} > {room})"
        );
    }

    /// <summary>True for a time with more digits of a second than there is room for, where they are no zeros.</summary>
    private static string LosesFraction(string text, int room) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"(contains({text}, '.') and substr({text}, instr({text}, '.') + {room + 1}, 1) between '0' and '9' "
                + $"and regexp_matches({text}, '\\.[0-9]{{{room}}}0*[1-9]'))"
        );

    /// <summary>True for what does not begin with a year of four digits or more, and is not infinite.</summary>
    private static string LosesYear(string text) =>
        $"not regexp_matches(nullif({text}, ''), '^\\s*([+-]?[0-9]{{4}}|-?[iI])')";

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

    private static string Plain(string type)
    {
        var lower = type.Trim().ToLowerInvariant();
        var name = lower.Split('(', ' ')[0];
        return lower.EndsWith(" with time zone", StringComparison.Ordinal) ? $"{name}tz" : name;
    }
}
