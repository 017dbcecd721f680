using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Project.Yaml;

/// <summary>The types of lists, maps and free data.</summary>
internal static class YamlCollections
{
    /// <summary>Whatever stands there, with its places.</summary>
    public static readonly YamlType<YamlNode> Any = new AnyType();

    /// <summary>Free data as plain values, with the templates of its text rendered.</summary>
    public static readonly YamlType<object?> Value = new ValueType();

    public static readonly YamlType<ImmutableSortedDictionary<string, object?>> Data = MapOf(Value);

    /// <summary>One text, or a list of them.</summary>
    public static readonly YamlType<ImmutableArray<string>> Texts = ListOf(
        YamlScalars.Text,
        allowSingle: true
    );

    public static YamlType<ImmutableArray<T>> ListOf<T>(YamlType<T> item, bool allowSingle = false) =>
        new ListType<T>(item, allowSingle);

    public static YamlType<ImmutableSortedDictionary<string, T>> MapOf<T>(YamlType<T> item) =>
        new MapType<T>(item);

    private sealed class AnyType : YamlType<YamlNode>
    {
        public override bool TryBind(
            YamlNode node,
            string name,
            YamlContext context,
            [MaybeNullWhen(false)] out YamlNode value
        )
        {
            value = node;
            return true;
        }

        public override void Describe(JsonSchemaWriter writer) { }
    }

    private sealed class ValueType : YamlType<object?>
    {
        public override bool TryBind(YamlNode node, string name, YamlContext context, out object? value)
        {
            value = ToValue(node, context);
            return true;
        }

        public override void Describe(JsonSchemaWriter writer) { }

        private static object? ToValue(YamlNode node, YamlContext context) =>
            node switch
            {
                YamlScalar scalar => context.Resolve(scalar)?.Value,
                YamlSequence sequence => sequence
                    .Items.Select(item => ToValue(item, context))
                    .ToImmutableArray(),
                YamlMapping mapping => mapping.Entries.ToImmutableSortedDictionary(
                    entry => entry.Key.Text,
                    entry => ToValue(entry.Value, context),
                    StringComparer.Ordinal
                ),
                _ => node.ToValue(),
            };
    }

    private sealed class ListType<T>(YamlType<T> item, bool allowSingle) : YamlType<ImmutableArray<T>>
    {
        public override bool TryBind(
            YamlNode node,
            string name,
            YamlContext context,
            out ImmutableArray<T> value
        )
        {
            value = [];
            // a key with nothing behind it is an empty list
            if (node is YamlScalar { IsNull: true })
                return true;
            if (node is YamlSequence sequence)
            {
                var items = ImmutableArray.CreateBuilder<T>(sequence.Items.Length);
                foreach (var child in sequence.Items)
                {
                    if (item.TryBind(child, name, context, out var bound))
                        items.Add(bound);
                }
                value = items.ToImmutable();
                return true;
            }
            if (allowSingle && node is YamlScalar)
            {
                if (!item.TryBind(node, name, context, out var single))
                    return false;
                value = [single];
                return true;
            }
            context.Diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, name, "a list", node.Kind));
            return false;
        }

        public override void Describe(JsonSchemaWriter writer)
        {
            if (allowSingle)
                writer.AnyOf(item, new ItemsSchema(item));
            else
                new ItemsSchema(item).Describe(writer);
        }
    }

    private sealed class ItemsSchema(IYamlSchema item) : IYamlSchema
    {
        public void Describe(JsonSchemaWriter writer)
        {
            writer.Type("array");
            writer.Property("items", item);
        }
    }

    private sealed class MapType<T>(YamlType<T> item) : YamlType<ImmutableSortedDictionary<string, T>>
    {
        public override bool TryBind(
            YamlNode node,
            string name,
            YamlContext context,
            [MaybeNullWhen(false)] out ImmutableSortedDictionary<string, T> value
        )
        {
            var map = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
            if (node is YamlMapping mapping)
            {
                foreach (var entry in mapping.Entries)
                {
                    if (item.TryBind(entry.Value, entry.Key.Text, context, out var bound))
                        map[entry.Key.Text] = bound;
                }
            }
            else if (node is not YamlScalar { IsNull: true })
            {
                context.Diagnostics.Add(
                    ProjectDiagnostics.WrongType(node.Span, name, "a mapping", node.Kind)
                );
                value = null;
                return false;
            }
            value = map.ToImmutable();
            return true;
        }

        public override void Describe(JsonSchemaWriter writer)
        {
            writer.Type("object");
            writer.Property("additionalProperties", item);
        }
    }
}
