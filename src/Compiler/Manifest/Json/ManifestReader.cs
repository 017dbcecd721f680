using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Graph.Comparing;

namespace Strata.Compiler.Manifest.Json;

/// <summary>
/// Reads what of a manifest.json can be compared with a later one. It may be dbt's own: its form is the same, as far as
/// it is read here.
/// </summary>
public static class ManifestReader
{
    private static readonly string[] s_sections = ["nodes", "sources", "exposures", "unit_tests"];

    private static readonly string[] s_placeKeys = ["schema", "database", "alias"];

    // how nodes are grouped makes no other nodes of them
    private static readonly string[] s_labels = ["tags", "group"];

    // what makes a node besides its text and its configuration
    private static readonly string[] s_restKeys =
    [
        "test_metadata",
        "column_name",
        "attached_node",
        "given",
        "expect",
        "tested_node_unique_id",
        "source_name",
        "identifier",
        "loaded_at_field",
        "loaded_at_query",
        "freshness",
        "type",
        "owner",
        "url",
        "maturity",
        "label",
    ];

    /// <summary>The manifest of a project that is compiled, as if it were read from its file.</summary>
    public static ComparableProject Of(ProjectManifest manifest)
    {
        using var stream = new MemoryStream();
        ManifestJson.Write(stream, manifest, new ArtifactInfo("", "", DateTimeOffset.UnixEpoch));
        stream.Position = 0;
        return Read(stream);
    }

    /// <param name="stream">The file, as UTF-8.</param>
    /// <exception cref="JsonException">It is no JSON, or no manifest.</exception>
    public static ComparableProject Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !IsObject(root, "nodes", out _))
            throw new JsonException("it has no 'nodes'");
        var nodes = ImmutableDictionary.CreateBuilder<string, ComparableNode>(StringComparer.Ordinal);
        foreach (var section in s_sections)
        {
            foreach (var (id, node) in Members(root, section))
                nodes[id] = ReadNode(node);
        }
        var macros = ImmutableDictionary.CreateBuilder<string, ComparableMacro>(StringComparer.Ordinal);
        foreach (var (id, macro) in Members(root, "macros"))
            macros[id] = new ComparableMacro(Code(macro, "macro_sql") ?? "", MacrosOf(macro));
        return new ComparableProject(
            IsObject(root, "strata", out var own) ? Text(own, "target") : null,
            nodes.ToImmutable(),
            macros.ToImmutable()
        );
    }

    private static ComparableNode ReadNode(JsonElement node)
    {
        var config = Members(node, "config").ToList();
        var isEnforced = IsSet(config.Find(entry => entry.Id == "contract").Json, "enforced");
        var persists = config.Find(entry => entry.Id == "persist_docs").Json;
        return new ComparableNode
        {
            Body = BodyOf(node),
            Config = Canonical(
                config.Where(entry => !s_placeKeys.Contains(entry.Id) && !s_labels.Contains(entry.Id))
            ),
            Description = Text(node, "description") ?? "",
            ColumnDescriptions = string.Join(
                '\n',
                Members(node, "columns").Select(column => $"{column.Id}: {Text(column.Json, "description")}")
            ),
            PersistsDescription = IsSet(persists, "relation"),
            PersistsColumnDescriptions = IsSet(persists, "columns"),
            Relation = Canonical(config.Where(entry => s_placeKeys.Contains(entry.Id))),
            Place = string.Join(
                '.',
                IsObject(node, "strata", out var own) ? Text(own, "engine") : null,
                Text(node, "schema"),
                Text(node, "alias")
            ),
            Contract = isEnforced ? TypesOf(node) : "",
            Rest = RestOf(node),
            Fqn = Texts(node, "fqn"),
            Macros = MacrosOf(node),
        };
    }

    private static string? BodyOf(JsonElement node)
    {
        // of a seed what the file holds, under whatever name its hash has
        var body =
            Text(node, "resource_type") != "seed" ? Code(node, "raw_code")
            : IsObject(node, "checksum", out var hash) ? $"{Text(hash, "name")} {Text(hash, "checksum")}"
            : null;
        return
            Members(node, "strata").FirstOrDefault(member => member.Id == "included").Json
                is { ValueKind: JsonValueKind.Object } included
            ? body + Canonical(Members(included))
            : body;
    }

    private static bool IsSet(JsonElement map, string name) =>
        map.ValueKind == JsonValueKind.Object
        && map.TryGetProperty(name, out var flag)
        && flag.ValueKind == JsonValueKind.True;

    private static string TypesOf(JsonElement node) =>
        string.Join(
            ", ",
            Members(node, "columns").Select(column => $"{column.Id} {Text(column.Json, "data_type")}")
        );

    private static string RestOf(JsonElement node)
    {
        var parts = Members(node).Where(member => s_restKeys.Contains(member.Id)).ToList();
        var own = Members(node, "strata").ToList();
        parts.AddRange(
            own.Where(member => member.Id is "volatile_columns" or "is_incremental" or "tolerance")
        );
        // as written: a landing zone that lies elsewhere on another target has not changed
        var files = own.Find(member => member.Id == "files").Json;
        if (files.ValueKind == JsonValueKind.Object)
            parts.AddRange(Members(files).Where(member => member.Id == "checksum"));
        var type = Text(node, "resource_type");
        // of a unit test the hash is that of its overrides; a query's is that of what was made of it
        if (type == "unit_test")
            parts.AddRange(Members(node).Where(member => member.Id == "checksum"));
        if (type == "exposure")
            parts.AddRange(Members(node).Where(member => member.Id is "description" or "depends_on"));
        var rest = Canonical(parts);
        // the types of a file's columns are part of how it is read
        return type == "seed" || files.ValueKind == JsonValueKind.Object ? rest + TypesOf(node) : rest;
    }

    private static string Canonical(IEnumerable<(string Id, JsonElement Json)> members)
    {
        var text = new StringBuilder();
        foreach (var (id, json) in members.OrderBy(member => member.Id, StringComparer.Ordinal))
        {
            // what is not set is as good as not there
            if (json.ValueKind == JsonValueKind.Null)
                continue;
            text.Append(id).Append(": ");
            Write(text, json);
            text.Append('\n');
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{').Append(Canonical(Members(json))).Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in json.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }
                text.Append(']');
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    private static ImmutableArray<string> MacrosOf(JsonElement node) =>
        IsObject(node, "depends_on", out var depends) ? Texts(depends, "macros") : [];

    private static bool IsObject(JsonElement json, string name, out JsonElement value)
    {
        value = default;
        return json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(name, out value)
            && value.ValueKind == JsonValueKind.Object;
    }

    private static IEnumerable<(string Id, JsonElement Json)> Members(JsonElement json, string name) =>
        IsObject(json, name, out var map) ? Members(map) : [];

    private static IEnumerable<(string Id, JsonElement Json)> Members(JsonElement map) =>
        map.EnumerateObject().Select(member => (member.Name, member.Value));

    // how lines end makes no other text
    private static string? Code(JsonElement json, string name) => Text(json, name)?.ReplaceLineEndings("\n");

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static ImmutableArray<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.ToString())]
            : [];
}
