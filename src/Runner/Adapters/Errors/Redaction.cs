using System.Collections.Immutable;

namespace Strata.Runner.Adapters.Errors;

/// <summary>Takes secrets out of text that leaves the process.</summary>
public sealed class Redaction(IEnumerable<string> secrets)
{
    private const string Mark = "***";

    // the longest first: one secret may contain another; one or two characters would only garble the text
    private readonly ImmutableArray<string> _secrets =
    [
        .. secrets.Where(s => s.Length > 2).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length),
    ];

    public string Apply(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mark, StringComparison.Ordinal);
        return text;
    }
}
