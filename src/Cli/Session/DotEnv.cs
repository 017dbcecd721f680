using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Cli.Session;

/// <summary>
/// Reads the <c>.env</c> file of a project: <c>NAME=value</c> lines, <c>#</c> comments, an optional
/// <c>export</c>, values in single quotes (as they stand) or double quotes (with <c>\n</c>, <c>\"</c>, <c>\\</c>).
/// Nothing is expanded.
/// </summary>
public static class DotEnv
{
    public const string FileName = ".env";

    public static Dictionary<string, string> Parse(SourceText file, DiagnosticBag diagnostics)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var offset = 0;
        foreach (var raw in file.Text.Split('\n'))
        {
            var line = raw.Trim();
            var place = file.Span(offset + raw.Length - raw.AsSpan().TrimStart().Length, line.Length);
            offset += raw.Length + 1;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line["export ".Length..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : line[..equals].TrimEnd();
            if (!IsName(name))
            {
                diagnostics.Add(CommandLineDiagnostics.InvalidDotEnv(place, "this line sets no variable"));
                continue;
            }
            if (Value(line[(equals + 1)..].TrimStart()) is { } value)
                variables[name] = value;
            else
                diagnostics.Add(
                    CommandLineDiagnostics.InvalidDotEnv(place, $"the quote after '{name}=' is not closed")
                );
        }
        return variables;
    }

    private static bool IsName(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Value(string text)
    {
        if (text is [('"' or '\'') and var quote, ..])
        {
            var end = ClosingQuote(text, quote);
            if (end < 0)
                return null;
            var inner = text[1..end];
            return quote == '\'' ? inner : Unescape(inner);
        }
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).TrimEnd();
    }

    private static int ClosingQuote(string text, char quote)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote == '"')
                i++;
            else if (text[i] == quote)
                return i;
        }
        return -1;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var result = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            i++;
            result.Append(
                text[i] switch
                {
                    'n' => "\n",
                    't' => "\t",
                    '"' or '\\' or '$' => text[i].ToString(),
                    _ => "\\" + text[i],
                }
            );
        }
        return result.ToString();
    }
}
