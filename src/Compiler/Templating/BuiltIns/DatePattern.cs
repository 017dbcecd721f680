using System.Globalization;
using System.Text;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Reads dates in patterns of strftime.</summary>
internal static class DatePattern
{
    private const DateTimeStyles Styles =
        DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static bool TryParse(string text, string pattern, CultureInfo culture, out DateTime date) =>
        DateTime.TryParseExact(
            text,
            Translate(pattern),
            culture,
            Styles | DateTimeStyles.NoCurrentDateDefault,
            out date
        );

    /// <summary>The same pattern in the letters of .NET.</summary>
    private static string Translate(string pattern)
    {
        var format = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '%' && i + 1 < pattern.Length)
                format.Append(Part(pattern[++i]));
            else
                AppendLiteral(format, pattern[i]);
        }
        // a single letter would be taken for the name of a standard format
        return format.Length == 1 ? "%" + format : format.ToString();
    }

    private static void AppendLiteral(StringBuilder format, char character)
    {
        if (char.IsLetter(character) || character is '\'' or '"' or '\\' or '%' or '/' or ':')
            format.Append('\\');
        format.Append(character);
    }

    private static string Part(char part) =>
        part switch
        {
            'a' => "ddd",
            'A' => "dddd",
            'b' or 'h' => "MMM",
            'B' => "MMMM",
            'c' => @"ddd MMM d HH\:mm\:ss yyyy",
            'd' or 'e' => "d",
            'D' => @"M\/d\/yy",
            'F' => "yyyy-M-d",
            'H' or 'k' => "H",
            'I' or 'l' => "h",
            'L' => "FFF",
            'm' => "M",
            'M' => "m",
            'N' => "FFFFFFF",
            'p' or 'P' => "tt",
            'r' => @"h\:m\:s tt",
            'R' => @"H\:m",
            'S' => "s",
            'T' or 'X' => @"H\:m\:s",
            'x' => @"M\/d\/yyyy",
            'y' => "yy",
            'Y' => "yyyy",
            'z' or 'Z' => "zzz",
            'n' => "\n",
            't' => "\t",
            '%' => "\\%",
            _ => $"\\{part}",
        };
}
