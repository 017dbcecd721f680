using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>
/// Reads folder defaults. <c>+key</c> is always configuration. Without the plus, a known key is configuration,
/// unless there is a plus below it, and any other mapping is a folder.
/// </summary>
internal sealed class FolderDefaultsType<T>(ConfigBlock<T> block) : YamlType<FolderDefaults>
    where T : class
{
    public override bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        [MaybeNullWhen(false)] out FolderDefaults value
    )
    {
        value = FolderDefaults.Empty;
        if (node is YamlMapping mapping)
        {
            value = Read(mapping, context);
            return true;
        }
        if (node is YamlScalar { IsNull: true })
            return true;
        context.Diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, name, "a mapping", node.Kind));
        return false;
    }

    public override void Describe(JsonSchemaWriter writer) => writer.Type("object");

    // a folder may be called docs or meta; no value has keys with a plus
    private static bool IsFolder(YamlMapping value) =>
        value.Entries.Any(entry =>
            entry.Key.Text.StartsWith('+') || entry.Value is YamlMapping inner && IsFolder(inner)
        );

    private FolderDefaults Read(YamlMapping mapping, YamlContext context)
    {
        var config = new List<YamlMapping.Entry>();
        var folders = ImmutableSortedDictionary.CreateBuilder<string, FolderDefaults>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var key = entry.Key.Text;
            var isConfig =
                key.StartsWith('+')
                || entry.Value is not YamlMapping
                || block.Shape.KeyNames.Contains(ConfigSet.Canonical(key))
                    && !IsFolder((YamlMapping)entry.Value);
            if (isConfig)
                config.Add(entry);
            else
                folders[key] = Read((YamlMapping)entry.Value, context) with { NameSpan = entry.Key.Span };
        }
        return new FolderDefaults(block.Read(config, context), folders.ToImmutable(), mapping.Span);
    }
}
