using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

/// <summary>
/// A <c>config:</c> block for nodes of one kind. It is kept as a <see cref="ConfigSet"/>, because other places
/// may add to it, but every value is checked where it stands.
/// </summary>
internal sealed class ConfigBlock<T>(YamlObject<T> shape) : YamlType<ConfigSet>
    where T : class
{
    public YamlObject<T> Shape => shape;

    public override bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        [MaybeNullWhen(false)] out ConfigSet value
    )
    {
        value = ConfigSet.Empty;
        switch (node)
        {
            case YamlScalar { IsNull: true }:
                return true;
            case YamlMapping mapping:
                value = Read(mapping.Entries, context);
                return true;
            default:
                context.Diagnostics.Add(
                    ProjectDiagnostics.WrongType(node.Span, name, "a mapping", node.Kind)
                );
                return false;
        }
    }

    /// <summary>Renders the templates of the entries, checks every value, and keeps them unconverted.</summary>
    public ConfigSet Read(IEnumerable<YamlMapping.Entry> entries, YamlContext context)
    {
        var rendered = ImmutableArray.CreateBuilder<YamlMapping.Entry>();
        foreach (var entry in entries)
        {
            var key = shape.NameOf(ConfigSet.Canonical(entry.Key.Text));
            var value = key is "pre_hook" or "post_hook" ? entry.Value : context.Render(entry.Value);
            if (value is not null)
                rendered.Add(new YamlMapping.Entry(WithText(entry.Key, key), value));
        }
        var set = new ConfigSet(rendered.ToImmutable());
        Convert(set, context.Diagnostics);
        // a key that is written twice has been reported
        return new ConfigSet([.. set.Entries.DistinctBy(entry => entry.Key.Text)]);
    }

    /// <summary>The set with each key by the name under which it was declared, so that it meets the same key of other sets.</summary>
    public ConfigSet Named(ConfigSet set) =>
        new([
            .. set.Entries.Select(entry =>
                entry with
                {
                    Key = WithText(entry.Key, shape.NameOf(entry.Key.Text)),
                }
            ),
        ]);

    /// <summary>The typed record of a merged set.</summary>
    public T Convert(ConfigSet set, DiagnosticBag diagnostics)
    {
        var span = set.Entries.IsEmpty ? default : set.Entries[0].Key.Span;
        return shape.Bind(set.Entries, span, new YamlContext(diagnostics));
    }

    public override bool Knows(string key) => shape.KeyNames.Contains(ConfigSet.Canonical(key));

    public override void Describe(JsonSchemaWriter writer) => shape.Describe(writer);

    private static YamlScalar WithText(YamlScalar key, string text) =>
        key.Text == text ? key : new YamlScalar(text, text, isPlain: true, key.Span);
}
