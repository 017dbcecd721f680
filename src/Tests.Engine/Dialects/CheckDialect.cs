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

    public string Quote(string identifier) => Sql.QuoteIdentifier(identifier);

    public string Text(string value) => Sql.QuoteString(value);

    public string AsText(string expression) => $"cast({expression} as {Sql.TypeName(SqlType.Text)})";

    public string AsDouble(string expression) => $"cast({expression} as {Sql.TypeName(SqlType.Double)})";

    public abstract string Regex(string text, string pattern, string flags);

    /// <summary>A boolean that is true where the text is JSON.</summary>
    public abstract string IsJson(string text);

    /// <summary>A timestamp so many units after (before, if negative) another.</summary>
    public abstract string AddInterval(string unit, string count, string timestamp);

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
                    _ when TypeNames.IsNumeric(family) && CheckedNumber(plain) is { } number => number,
                    TypeFamily.Boolean when plain.Equals("true", StringComparison.OrdinalIgnoreCase) =>
                        "true",
                    TypeFamily.Boolean when plain.Equals("false", StringComparison.OrdinalIgnoreCase) =>
                        "false",
                    TypeFamily.Date => $"date {Text(plain)}",
                    TypeFamily.Timestamp => $"timestamp {Text(plain)}",
                    TypeFamily.TimestampTz => $"timestamptz {Text(plain)}",
                    _ => Text(plain),
                },
            _ => Plain(value),
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

    private static string? CheckedNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? text.Trim() : null;

    private static string Plain(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
