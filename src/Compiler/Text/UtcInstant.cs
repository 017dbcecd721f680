using System.Globalization;

namespace Strata.Compiler.Text;

/// <summary>Instants as people write them in configuration and on the command line; without a zone they are UTC.</summary>
public static class UtcInstant
{
    /// <summary>What a text must look like, for messages.</summary>
    public const string Shape = "a date or an instant, such as 2026-11-01 or 2026-11-01T06:00:00Z";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(
            text.Trim() is { Length: > 10 } trimmed && trimmed[10] == ' '
                ? $"{trimmed[..10]}T{trimmed[11..]}"
                : text.Trim(),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant
        );
}
