using System.Collections.Immutable;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

/// <summary>
/// Configuration as one place wrote it: keys in their canonical spelling (<c>pre_hook</c> for
/// <c>+pre-hook</c>), values unconverted. Sets of several places are merged before they are converted.
/// </summary>
internal sealed record ConfigSet(ImmutableArray<YamlMapping.Entry> Entries)
{
    public static readonly ConfigSet Empty = new([]);

    private static readonly ImmutableSortedDictionary<string, object?> s_noValues =
        ImmutableSortedDictionary.Create<string, object?>(StringComparer.Ordinal);

    public YamlNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
                return entry.Value;
        }
        return null;
    }

    public string? FindText(string key) =>
        Find(key) is YamlScalar { IsNull: false } scalar ? scalar.Text : null;

    /// <summary>This set over a weaker one: tags and hooks add up, meta is merged by key, the rest is replaced.</summary>
    public ConfigSet Over(ConfigSet weaker)
    {
        if (weaker.Entries.IsEmpty)
            return this;
        if (Entries.IsEmpty)
            return weaker;
        var merged = weaker.Entries.ToBuilder();
        foreach (var entry in Entries)
        {
            var index = IndexOf(merged, entry.Key.Text);
            if (index < 0)
                merged.Add(entry);
            else
                merged[index] = entry with { Value = Combine(entry, merged[index]) };
        }
        return new ConfigSet(merged.ToImmutable());
    }

    public ImmutableSortedDictionary<string, object?> ToValues() =>
        Entries.IsEmpty
            ? s_noValues
            : Entries.ToImmutableSortedDictionary(
                entry => entry.Key.Text,
                entry => entry.Value.ToValue(),
                StringComparer.Ordinal
            );

    /// <summary>The one spelling of a key: <c>+pre-hook</c>, <c>pre-hook</c> and <c>pre_hook</c> are the same.</summary>
    public static string Canonical(string key) => key.TrimStart('+').Replace('-', '_');

    private static int IndexOf(ImmutableArray<YamlMapping.Entry>.Builder entries, string key)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Key.Text == key)
                return i;
        }
        return -1;
    }

    private static YamlNode Combine(YamlMapping.Entry stronger, YamlMapping.Entry weaker) =>
        (stronger.Key.Text, stronger.Value, weaker.Value) switch
        {
            ("tags" or "pre_hook" or "post_hook", _, _) => new YamlSequence(
                [.. ItemsOf(weaker.Value), .. ItemsOf(stronger.Value)],
                stronger.Value.Span
            ),
            ("meta", YamlMapping over, YamlMapping under) => new YamlMapping(
                [.. under.Entries.Where(entry => over.Find(entry.Key.Text) is null), .. over.Entries],
                over.Span
            ),
            _ => stronger.Value,
        };

    private static ImmutableArray<YamlNode> ItemsOf(YamlNode node) =>
        node switch
        {
            YamlSequence sequence => sequence.Items,
            YamlScalar { IsNull: true } => [],
            _ => [node],
        };
}
