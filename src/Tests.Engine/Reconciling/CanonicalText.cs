using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Dialects;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>SQL for values as text that is the same for the same value on every engine.</summary>
internal static class CanonicalText
{
    /// <summary>Stands for null. No value is written so: a backslash in text is doubled.</summary>
    public const string Null = @"\0";

    /// <param name="column">Quoted.</param>
    public static string Of(CheckDialect dialect, string column, ComparedColumn how) =>
        how.As switch
        {
            Representation.Whole => dialect.AsText(column),
            Representation.Exact => Trimmed(dialect, dialect.AsText(column)),
            Representation.Float => Float(dialect, column, how.Digits),
            Representation.Instant => Instant(dialect, column),
            Representation.Bytes => dialect.Hex(column),
            Representation.Uuid => $"lower({dialect.AsText(column)})",
            Representation.Text => Escaped(dialect, dialect.AsText(column)),
            _ => dialect.AsText(column),
        };

    /// <summary>Several values in one text that only the same values give.</summary>
    public static string Joined(CheckDialect dialect, IEnumerable<string> values) =>
        string.Join(
            $" || {dialect.Text("|")} || ",
            values.Select(value => $"coalesce({value}, {dialect.Text(Null)})")
        );

    /// <summary>The value again, as people write it; null for <see cref="Null"/>.</summary>
    public static string? Read(string? text, Representation how) =>
        text is null ? null
        : how == Representation.Text ? Unescape(text)
        : how == Representation.Float && double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
        : how == Representation.Instant && long.TryParse(text, CultureInfo.InvariantCulture, out var micros)
            ? ReadInstant(micros)
        : text;

    private static string Trimmed(CheckDialect dialect, string number) =>
        $"case when strpos({number}, {dialect.Text(".")}) > 0 then rtrim(rtrim({number}, {dialect.Text("0")}), {dialect.Text(".")}) else {number} end";

    // infinities have no exponent that every engine could format; adding 0 makes 0 of -0
    private static string Float(CheckDialect dialect, string column, int digits)
    {
        var value = dialect.AsDouble(column);
        string[] special = ["NaN", "Infinity", "-Infinity"];
        var cases = special.Select(word =>
            $"when {value} = {dialect.AsDouble(dialect.Text(word))} then {dialect.Text(word)}"
        );
        return $"case {string.Join(" ", cases)} else {dialect.Exponential($"({value} + 0)", digits)} end";
    }

    private static string Instant(CheckDialect dialect, string column)
    {
        var text = dialect.AsText(column);
        return $"case when isfinite({column}) then {dialect.AsText(dialect.EpochMicros(column))} else {text} end";
    }

    private static string Escaped(CheckDialect dialect, string text) =>
        $"replace(replace({text}, {dialect.Text(@"\")}, {dialect.Text(@"\\")}), {dialect.Text("|")}, {dialect.Text(@"\|")})";

    private static string Unescape(string text) =>
        text.Replace(@"\|", "|", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    private static string ReadInstant(long micros)
    {
        // years that .NET has no dates for stay microseconds
        var ticks = DateTime.UnixEpoch.Ticks + (Int128)micros * 10;
        return ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks
            ? $"{micros.ToString(CultureInfo.InvariantCulture)} microseconds after 1970"
            : new DateTime((long)ticks, DateTimeKind.Utc)
                .ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
                .Replace(" 00:00:00", "", StringComparison.Ordinal);
    }
}
