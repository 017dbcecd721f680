using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

/// <summary>
/// A mapping with declared keys. The declaration is the one place that knows a key: binding, "did you mean"
/// and the JSON Schema all come from it.
/// </summary>
/// <param name="where">How messages name it: <c>a column</c>.</param>
/// <param name="definition">Its name in the JSON Schema.</param>
/// <param name="create">The empty record for a place.</param>
internal sealed class YamlObject<T>(string where, string definition, Func<SourceSpan, T> create) : YamlType<T>
    where T : class
{
    private readonly List<Key> _keys = [];
    private readonly Dictionary<string, Key> _byName = new(StringComparer.Ordinal);
    private (IYamlSchema Schema, Func<T, YamlMapping.Entry, YamlContext, T?> Bind)? _others;
    private Func<T, YamlNode, YamlContext, T?>? _shorthand;
    private IYamlSchema? _shorthandSchema;

    public IReadOnlyCollection<string> KeyNames => _byName.Keys;

    /// <summary>The name under which a key was declared, whichever of its names this is; an unknown one as it is.</summary>
    public string NameOf(string key) => _byName.TryGetValue(key, out var known) ? known.Name : key;

    public IYamlSchema SchemaOf(string key) => _byName[key].Schema;

    public YamlObject<T> Required<TValue>(
        string name,
        string description,
        YamlType<TValue> type,
        Func<T, TValue, T> assign
    ) => Add(name, description, type, assign, isRequired: true);

    public YamlObject<T> Optional<TValue>(
        string name,
        string description,
        YamlType<TValue> type,
        Func<T, TValue, T> assign
    ) => Add(name, description, type, assign, isRequired: false);

    /// <summary>A key whose binding needs the place of the key itself.</summary>
    public YamlObject<T> OptionalEntry(
        string name,
        string description,
        IYamlSchema schema,
        Func<T, YamlMapping.Entry, YamlContext, T> bind
    ) => Add(new Key(name, description, schema, IsRequired: false, NextBit(), bind));

    /// <inheritdoc cref="OptionalEntry"/>
    public YamlObject<T> RequiredEntry(
        string name,
        string description,
        IYamlSchema schema,
        Func<T, YamlMapping.Entry, YamlContext, T> bind
    ) => Add(new Key(name, description, schema, IsRequired: true, NextBit(), bind));

    /// <summary>A second name of the key declared last.</summary>
    public YamlObject<T> Alias(string name)
    {
        _byName.Add(name, _keys[^1]);
        return this;
    }

    /// <summary>Keys that are not declared go here instead of being errors; null says it does not know the key.</summary>
    public YamlObject<T> Others(IYamlSchema schema, Func<T, YamlMapping.Entry, YamlContext, T?> bind)
    {
        _others = (schema, bind);
        return this;
    }

    /// <summary>Something other than a mapping that may stand for the whole; null says it may not.</summary>
    public YamlObject<T> Shorthand(IYamlSchema schema, Func<T, YamlNode, YamlContext, T?> bind)
    {
        _shorthandSchema = schema;
        _shorthand = bind;
        return this;
    }

    public override bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        [MaybeNullWhen(false)] out T value
    )
    {
        value = create(node.Span);
        if (node is YamlMapping mapping)
        {
            value = Bind(value, mapping.Entries, node.Span, context);
            return true;
        }
        if (_shorthand?.Invoke(value, node, context) is { } bound)
        {
            value = bound;
            return true;
        }
        context.Diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, name, "a mapping", node.Kind));
        return false;
    }

    /// <summary>Binds entries that were gathered from several places.</summary>
    public T Bind(IEnumerable<YamlMapping.Entry> entries, SourceSpan span, YamlContext context) =>
        Bind(create(span), entries, span, context);

    private T Bind(T value, IEnumerable<YamlMapping.Entry> entries, SourceSpan span, YamlContext context)
    {
        var seen = 0UL;
        foreach (var entry in entries)
        {
            if (_byName.TryGetValue(entry.Key.Text, out var key))
            {
                if ((seen & key.Bit) != 0)
                    context.Diagnostics.Add(
                        ProjectDiagnostics.SameKey(entry.Key.Span, entry.Key.Text, key.Name)
                    );
                else
                    value = key.Bind(value, entry, context);
                seen |= key.Bit;
                continue;
            }
            if (_others is { } others && others.Bind(value, entry, context) is { } extended)
            {
                value = extended;
                continue;
            }
            var unknown = ProjectDiagnostics.UnknownKey(entry.Key.Span, entry.Key.Text, where, _byName.Keys);
            if (_byName.TryGetValue("config", out var config) && config.Schema.Knows(entry.Key.Text))
                unknown = unknown with { Hint = $"put '{entry.Key.Text}' under 'config:'" };
            context.Diagnostics.Add(unknown);
        }
        foreach (var key in _keys)
        {
            if (key.IsRequired && (seen & key.Bit) == 0)
                context.Diagnostics.Add(ProjectDiagnostics.MissingKey(span, key.Name, where));
        }
        return value;
    }

    public override void Describe(JsonSchemaWriter writer) =>
        writer.Reference(definition, () => DescribeDefinition(writer));

    private void DescribeDefinition(JsonSchemaWriter writer)
    {
        if (_shorthandSchema is null)
        {
            DescribeMapping(writer);
            return;
        }
        writer.AnyOf(_shorthandSchema, new MappingSchema(this));
    }

    private void DescribeMapping(JsonSchemaWriter writer)
    {
        writer.Type("object");
        writer.Json.WriteStartObject("properties");
        foreach (var (name, key) in _byName)
            writer.Property(name, key.Schema, key.Description);
        writer.Json.WriteEndObject();
        if (_keys.Any(key => key.IsRequired))
        {
            writer.Json.WriteStartArray("required");
            foreach (var key in _keys.Where(key => key.IsRequired))
                writer.Json.WriteStringValue(key.Name);
            writer.Json.WriteEndArray();
        }
        if (_others is { } others)
            writer.Property("additionalProperties", others.Schema);
        else
            writer.Json.WriteBoolean("additionalProperties", false);
    }

    private YamlObject<T> Add<TValue>(
        string name,
        string description,
        YamlType<TValue> type,
        Func<T, TValue, T> assign,
        bool isRequired
    ) =>
        Add(
            new Key(
                name,
                description,
                type,
                isRequired,
                NextBit(),
                (target, entry, context) =>
                    type.TryBind(entry.Value, name, context, out var value) ? assign(target, value) : target
            )
        );

    // which keys were there is kept in the bits of one number
    private ulong NextBit() =>
        _keys.Count < 64
            ? 1UL << _keys.Count
            : throw new InvalidOperationException($"{where} has more than 64 keys");

    private YamlObject<T> Add(Key key)
    {
        _keys.Add(key);
        _byName.Add(key.Name, key);
        return this;
    }

    private sealed record Key(
        string Name,
        string Description,
        IYamlSchema Schema,
        bool IsRequired,
        ulong Bit,
        Func<T, YamlMapping.Entry, YamlContext, T> Bind
    );

    private sealed class MappingSchema(YamlObject<T> shape) : IYamlSchema
    {
        public void Describe(JsonSchemaWriter writer) => shape.DescribeMapping(writer);
    }
}
