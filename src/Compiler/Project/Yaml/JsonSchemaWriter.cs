using System.Text;
using System.Text.Json;

namespace Strata.Compiler.Project.Yaml;

/// <summary>Writes one JSON Schema document; named shapes go to <c>$defs</c>, each once.</summary>
internal sealed class JsonSchemaWriter
{
    private readonly Utf8JsonWriter _json;
    private readonly SortedDictionary<string, Action> _definitions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private JsonSchemaWriter(Utf8JsonWriter json) => _json = json;

    public Utf8JsonWriter Json => _json;

    public static string Write(string title, IYamlSchema root)
    {
        using var stream = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                stream,
                new JsonWriterOptions
                {
                    Indented = true,
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            var writer = new JsonSchemaWriter(json);
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", title);
            root.Describe(writer);
            json.WriteStartObject("$defs");
            writer.WriteDefinitions();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    public void Type(string type) => _json.WriteString("type", type);

    public void Types(params ReadOnlySpan<string> types)
    {
        _json.WriteStartArray("type");
        foreach (var type in types)
            _json.WriteStringValue(type);
        _json.WriteEndArray();
    }

    /// <summary>What is described, or text that a template makes it of.</summary>
    public void OrTemplate(Action describe)
    {
        _json.WriteStartArray("anyOf");
        _json.WriteStartObject();
        describe();
        _json.WriteEndObject();
        _json.WriteStartObject();
        Type("string");
        _json.WriteString("pattern", "\\{\\{");
        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    public void Reference(string name, Action describe)
    {
        _definitions.TryAdd(name, describe);
        _json.WriteString("$ref", $"#/$defs/{name}");
    }

    public void Property(string name, IYamlSchema schema, string? description = null)
    {
        _json.WriteStartObject(name);
        if (description is not null)
            _json.WriteString("description", description);
        schema.Describe(this);
        _json.WriteEndObject();
    }

    public void AnyOf(params ReadOnlySpan<IYamlSchema> schemas)
    {
        _json.WriteStartArray("anyOf");
        foreach (var schema in schemas)
        {
            _json.WriteStartObject();
            schema.Describe(this);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    // writing a definition may name further ones
    private void WriteDefinitions()
    {
        while (_definitions.FirstOrDefault(pair => !_written.Contains(pair.Key)) is { Key: { } name } next)
        {
            _written.Add(name);
            _json.WriteStartObject(name);
            next.Value();
            _json.WriteEndObject();
        }
    }
}
