using System.Net;
using System.Text.Json;

namespace Strata.Cli.Output;

/// <summary>Knows the secrets of the target's connections and replaces them wherever text leaves the process.</summary>
public sealed class Redactor
{
    public const string Mask = "***";

    // shorter ones hide nothing, and replacing them would make words unreadable
    private const int ShortestSecret = 3;

    private string[] _secrets = [];

    public bool IsEmpty => _secrets.Length == 0;

    public void Add(IEnumerable<string> secrets)
    {
        _secrets =
        [
            .. _secrets
                .Concat(secrets.SelectMany(Spellings))
                .Where(secret => secret.Length >= ShortestSecret)
                .Distinct(StringComparer.Ordinal)
                // longest first, so that a secret that contains another one goes as a whole
                .OrderByDescending(secret => secret.Length)
                .ThenBy(secret => secret, StringComparer.Ordinal),
        ];
    }

    public string Redact(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>A JSON text stays one: a number that happens to look like a secret is none.</summary>
    public string RedactJson(string json) => IsEmpty ? json : JsonStrings.Map(json, Holds, Redact);

    private bool Holds(ReadOnlySpan<char> text)
    {
        foreach (var secret in _secrets)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>So does a document of XML or HTML.</summary>
    public string RedactMarkup(string markup) => IsEmpty ? markup : MarkupTexts.Map(markup, Redact);

    // as it is, as it looks inside a URL, JSON, HTML or an SQL literal, and line by line, because output goes out in lines
    private static IEnumerable<string> Spellings(string secret) =>
        [
            secret,
            Uri.EscapeDataString(secret),
            JsonEncodedText.Encode(secret).ToString(),
            WebUtility.HtmlEncode(secret),
            secret.Replace("'", "''", StringComparison.Ordinal),
            .. secret.Contains('\n', StringComparison.Ordinal) ? secret.Split('\n', '\r') : [],
        ];
}
