using System.Globalization;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Postgres;

/// <summary>Single values out of Postgres's text form, in the CLR types that <see cref="RowSet"/> promises.</summary>
internal static class PlainValues
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static object Parse(uint oid, string text) =>
        oid switch
        {
            TypeOids.Boolean => text == "t",
            TypeOids.Int2 or TypeOids.Int4 or TypeOids.Int8 or TypeOids.Oid => long.Parse(text, Invariant),
            TypeOids.Float4 => float.Parse(text, Invariant),
            TypeOids.Float8 => double.Parse(text, Invariant),
            TypeOids.Numeric => Number(text),
            TypeOids.Bytea => Convert.FromHexString(text.AsSpan(2)),
            TypeOids.Uuid => Guid.Parse(text),
            TypeOids.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date) => date,
            TypeOids.Time
                when TimeOnly.TryParseExact(
                    text,
                    "HH:mm:ss.FFFFFF",
                    Invariant,
                    DateTimeStyles.None,
                    out var time
                ) => time,
            TypeOids.Timestamp
                when DateTime.TryParseExact(
                    text,
                    "yyyy-MM-dd HH:mm:ss.FFFFFF",
                    Invariant,
                    DateTimeStyles.None,
                    out var timestamp
                ) => timestamp,
            // sessions are in UTC
            TypeOids.TimestampTz
                when text.EndsWith("+00", StringComparison.Ordinal)
                    && DateTime.TryParseExact(
                        text.AsSpan(0, text.Length - 3),
                        "yyyy-MM-dd HH:mm:ss.FFFFFF",
                        Invariant,
                        DateTimeStyles.None,
                        out var instant
                    ) => new DateTimeOffset(instant, TimeSpan.Zero),
            _ => text,
        };

    private static object Number(string text)
    {
        // decimal.Parse rounds what it cannot hold: 28 digits are always exact
        var digits = text.Count(char.IsAsciiDigit);
        return digits <= 28 && decimal.TryParse(text, NumberStyles.Number, Invariant, out var value)
            ? value
            : text;
    }
}
