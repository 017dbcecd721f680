using System.Globalization;
using Strata.Compiler.Sql;

namespace Strata.Tests.Engine.Dialects;

/// <summary>How one engine spells what checks need beyond quoting: literals by type, patterns, statistics.</summary>
public abstract class CheckDialect(SqlDialect sql)
{
    public SqlDialect Sql { get; } = sql;

    public static CheckDialect For(SqlDialect sql) =>
        sql.Engine switch
        {
            EngineType.DuckDb => new DuckDbChecks(sql),
            EngineType.Postgres => new PostgresChecks(sql),
            _ => throw new NotSupportedException($"checks are not written for {sql.Name} yet"),
        };

    /// <summary>Whether a subquery in a branch of CASE that is not taken costs nothing.</summary>
    public abstract bool DefersSubqueries { get; }

    public string Quote(string identifier) => Sql.QuoteIdentifier(identifier);

    public string Text(string value) => Sql.QuoteString(value);

    public string AsText(string expression) => $"cast({expression} as {Sql.TypeName(SqlType.Text)})";

    public string AsDouble(string expression) => $"cast({expression} as {Sql.TypeName(SqlType.Double)})";

    /// <summary>A floating point number with so many decimal places.</summary>
    public virtual string Round(string number, int places) =>
        string.Create(CultureInfo.InvariantCulture, $"round({number}, {places})");

    /// <summary>An aggregate for the number of rows for which a condition is true.</summary>
    public virtual string CountWhere(string condition) => $"count(*) filter (where {condition})";

    public abstract string Regex(string text, string pattern, string flags);

    /// <summary>What a group of a pattern matched, ignoring case; null or empty where nothing did.</summary>
    public abstract string RegexGroup(string text, string pattern, int group);

    /// <summary>A boolean that is true where the text is JSON.</summary>
    public abstract string IsJson(string text);

    /// <summary>A timestamp so many units after (before, if negative) another.</summary>
    public abstract string AddInterval(string unit, string count, string timestamp);

    /// <summary>A finite number as text with so many significant digits, rounded as its exact value is: <c>1.50e+00</c>.</summary>
    public abstract string Exponential(string number, int digits);

    /// <summary>A date or timestamp as microseconds since 1970 in UTC.</summary>
    public abstract string EpochMicros(string instant);

    /// <summary>Bytes as text, two lower-case digits each.</summary>
    public abstract string Hex(string bytes);

    /// <summary>Eight hex digits as a whole number.</summary>
    public abstract string HexToNumber(string hex);

    /// <summary>A query for the names and types of what a FROM item gives, in order; null where the engine has none.</summary>
    public virtual string? DescribeColumns(string from) => null;

    /// <summary>A sum of counts as a count, not as the wider type that engines make of it.</summary>
    /// <param name="window">What follows, where it is a sum over a window: <c>over ()</c>.</param>
    public string WholeSum(string expression, string window = "") =>
        $"cast(sum({expression}) {window} as {Sql.TypeName(SqlType.BigInt)})";

    /// <summary>The head of a query (without FROM) for the instants from one to another, both included, one each unit, in a column named <c>instant</c>.</summary>
    public abstract string Series(string unit, string from, string to);

    /// <summary>A row of values as a table: <c>(values ...) as name(column)</c>; empty lists are the caller's business.</summary>
    public static string Values(IEnumerable<string> rows, string name, params ReadOnlySpan<string> columns) =>
        $"(values {string.Join(", ", rows.Select(r => $"({r})"))}) as {name}({string.Join(", ", columns)})";

    /// <summary>An instant as a literal without zone, in UTC.</summary>
    public string Instant(DateTimeOffset instant) =>
        $"timestamp '{instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    /// <summary>The start of the unit in which a timestamp lies.</summary>
    public string Truncate(string unit, string timestamp) => $"date_trunc({Text(unit)}, {timestamp})";

    /// <summary>A literal of the type that the value is compared with; text where the type is not known and the value is text.</summary>
    public string Literal(object? value, TypeFamily family) =>
        value switch
        {
            null => "null",
            bool flag => family == TypeFamily.Text ? Text(flag ? "true" : "false")
            : flag ? "true"
            : "false",
            double number => Number(number, family),
            _ when Plain(value) is var plain && (value is string || family == TypeFamily.Text) =>
                family switch
                {
                    _ when TypeNames.IsNumeric(family) && NumberOf(plain) is { } number => number,
                    TypeFamily.Boolean when plain.Equals("true", StringComparison.OrdinalIgnoreCase) =>
                        "true",
                    TypeFamily.Boolean when plain.Equals("false", StringComparison.OrdinalIgnoreCase) =>
                        "false",
                    TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampTz => Moment(
                        MomentText.Normal(plain, family) ?? plain,
                        family
                    ),
                    _ => Text(plain),
                },
            _ => Plain(value),
        };

    private string Moment(string text, TypeFamily family) =>
        family switch
        {
            TypeFamily.TimestampTz => $"timestamptz {Text(text)}",
            // a time of day would be lost in a date
            TypeFamily.Date when text.Length <= 10 => $"date {Text(text)}",
            _ => $"timestamp {Text(text)}",
        };

    private string Number(double number, TypeFamily family)
    {
        var plain = Plain(number);
        if (family == TypeFamily.Text)
            return Text(plain);
        if (double.IsFinite(number))
            return plain.Contains('E', StringComparison.Ordinal) ? AsDouble(plain) : plain;
        return AsDouble(
            Text(
                double.IsNaN(number) ? "NaN"
                : number > 0 ? "Infinity"
                : "-Infinity"
            )
        );
    }

    // text keeps the digits that a double would lose; what has none is not a number or endless, and by its bare name a column
    private string? NumberOf(string text) =>
        !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? null
        : text.Any(char.IsAsciiDigit) ? text.Trim()
        : Number(number, TypeFamily.Float);

    private static string Plain(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
