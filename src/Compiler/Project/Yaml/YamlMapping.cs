using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

/// <summary>A mapping in the order it is written; keys are unique.</summary>
public sealed class YamlMapping(ImmutableArray<YamlMapping.Entry> entries, SourceSpan span) : YamlNode(span)
{
    public ImmutableArray<Entry> Entries { get; } = entries;

    public override string Kind => "a mapping";

    public YamlNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
                return entry.Value;
        }
        return null;
    }

    public override object ToValue() =>
        Entries.ToImmutableSortedDictionary(
            entry => entry.Key.Text,
            entry => entry.Value.ToValue(),
            StringComparer.Ordinal
        );

    public readonly record struct Entry(YamlScalar Key, YamlNode Value);
}
