using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strata.Cli.Output;

/// <summary>The strings of a JSON text, so that what is done to them leaves the text JSON.</summary>
internal static class JsonStrings
{
    /// <summary>Changes strings that are values; names of properties, numbers and the shape stay as they are.</summary>
    /// <param name="json">Well-formed: one document, or several, or what stands between two values of one.</param>
    /// <param name="concerns">Whether a string, as it is written between its quotes, may be one to change; those with escapes are asked for once they are read.</param>
    public static string Map(
        string json,
        Func<ReadOnlySpan<char>, bool> concerns,
        Func<string, string> change
    )
    {
        var text = new StringBuilder(json.Length);
        var at = 0;
        while (json.IndexOf('"', at) is var start and >= 0)
        {
            var end = EndOf(json, start);
            text.Append(json, at, start - at);
            at = end;
            var literal = json.AsSpan(start, end - start);
            var isPlain = !literal.Contains('\\');
            var value =
                isPlain && !concerns(literal[1..^1]) || IsName(json, end) ? null
                : isPlain ? literal[1..^1].ToString()
                : Read(literal);
            if (value is null || change(value) is var changed && changed == value)
                text.Append(literal);
            else
                text.Append('"')
                    .Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(changed))
                    .Append('"');
        }
        return text.Append(json, at, json.Length - at).ToString();
    }

    private static int EndOf(string json, int start)
    {
        var at = start + 1;
        while (json[at] != '"')
            at += json[at] == '\\' ? 2 : 1;
        return at + 1;
    }

    private static bool IsName(string json, int end)
    {
        while (end < json.Length && char.IsWhiteSpace(json[end]))
            end++;
        return end < json.Length && json[end] == ':';
    }

    private static string? Read(ReadOnlySpan<char> literal)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(literal)];
        Encoding.UTF8.GetBytes(literal, bytes);
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        return reader.GetString();
    }
}
