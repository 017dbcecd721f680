using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Graph.Selection;

namespace Strata.Compiler.Manifest.Json;

/// <summary>
/// manifest.json: dbt's manifest, version 12, as far as the facts go, so that tools which read dbt's artifacts read
/// this one; what dbt has no place for stands under <c>strata</c>.
/// </summary>
public static class ManifestJson
{
    public const string SchemaVersion = "https://schemas.getdbt.com/dbt/manifest/v12.json";

    private static readonly string[] s_unusedSections =
    [
        "docs",
        "metrics",
        "groups",
        "selectors",
        "group_map",
        "saved_queries",
        "semantic_models",
        "functions",
    ];

    // what a writer holds back until it is flushed
    private const int Block = 1 << 18;

    /// <summary>Written in blocks, each of which ends behind a value: a manifest may be large.</summary>
    public static void Write(Stream stream, ProjectManifest manifest, ArtifactInfo info)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = info.IsIndented });
        Write(json, manifest, info);
    }

    public static void Write(Utf8JsonWriter json, ProjectManifest manifest, ArtifactInfo info)
    {
        var nodes = new NodeJson(json, manifest);
        json.WriteStartObject();
        WriteMetadata(json, manifest, info);
        json.WriteStartObject("nodes");
        foreach (var node in manifest.Nodes.Values)
        {
            if (node is ModelNode or SeedNode or TestNode)
                nodes.Write(node);
            FlushBlock(json);
        }
        json.WriteEndObject();
        json.WriteStartObject("sources");
        foreach (var node in manifest.Nodes.Values.OfType<SourceNode>())
            nodes.Write(node);
        json.WriteEndObject();
        json.WriteStartObject("exposures");
        foreach (var node in manifest.Nodes.Values.OfType<ExposureNode>())
            nodes.Write(node);
        json.WriteEndObject();
        json.WriteStartObject("unit_tests");
        foreach (var node in manifest.Nodes.Values.OfType<UnitTestNode>())
            nodes.Write(node);
        json.WriteEndObject();
        WriteMacros(json, manifest);
        WriteEdges(json, "parent_map", manifest, id => manifest.Graph.ParentsOf(id));
        WriteEdges(json, "child_map", manifest, id => manifest.Graph.ChildrenOf(id));
        // what a disabled node would be is not known: not all of it is read
        json.WriteStartObject("disabled");
        foreach (var id in manifest.Disabled)
        {
            json.WriteStartArray(id);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        foreach (var section in s_unusedSections)
        {
            json.WriteStartObject(section);
            json.WriteEndObject();
        }
        WriteOwn(json, manifest);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteMetadata(Utf8JsonWriter json, ProjectManifest manifest, ArtifactInfo info)
    {
        json.WriteStartObject("metadata");
        json.WriteString("dbt_schema_version", SchemaVersion);
        json.WriteString("dbt_version", info.Version);
        json.WriteString("generated_at", info.GeneratedAt.UtcDateTime);
        json.WriteString("invocation_id", info.InvocationId);
        json.WriteStartObject("env");
        json.WriteEndObject();
        json.WriteString("project_name", manifest.ProjectName);
        json.WriteString("adapter_type", "strata");
        json.WriteEndObject();
    }

    private static void WriteMacros(Utf8JsonWriter json, ProjectManifest manifest)
    {
        json.WriteStartObject("macros");
        foreach (var macro in manifest.Macros.Values)
        {
            var id = MacroId(manifest, macro.Name);
            json.WriteStartObject(id);
            json.WriteString("name", macro.Name);
            json.WriteString("resource_type", "macro");
            json.WriteString("package_name", manifest.ProjectName);
            json.WriteString("path", macro.Definition.File.Path);
            json.WriteString("original_file_path", macro.Definition.File.Path);
            json.WriteString("unique_id", id);
            json.WriteString("macro_sql", macro.Definition.Text);
            json.WriteStartObject("depends_on");
            json.WriteStartArray("macros");
            foreach (var call in macro.Calls)
                json.WriteStringValue(MacroId(manifest, call));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteEdges(
        Utf8JsonWriter json,
        string name,
        ProjectManifest manifest,
        Func<string, ImmutableArray<string>> edgesOf
    )
    {
        json.WriteStartObject(name);
        foreach (var id in manifest.Nodes.Keys)
        {
            json.WriteStartArray(id);
            foreach (var other in edgesOf(id).Sort(StringComparer.Ordinal))
                json.WriteStringValue(other);
            json.WriteEndArray();
            FlushBlock(json);
        }
        json.WriteEndObject();
    }

    private static void FlushBlock(Utf8JsonWriter json)
    {
        if (json.BytesPending > Block)
            json.Flush();
    }

    private static void WriteOwn(Utf8JsonWriter json, ProjectManifest manifest)
    {
        json.WriteStartObject("strata");
        json.WriteString("target", manifest.TargetName);
        json.WriteStartObject("layers");
        foreach (var layer in manifest.Layers.Values)
        {
            json.WriteStartObject(layer.Name);
            json.WriteString("engine", layer.Connection);
            json.WriteString("schema", layer.Schema);
            json.WriteString("publish", layer.Publish.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }
        json.WriteEndObject();
        // options hold host names and, worse, passwords
        json.WriteStartObject("connections");
        foreach (var connection in manifest.Connections.Values)
        {
            json.WriteStartObject(connection.Name);
            json.WriteString("type", connection.Engine.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static string MacroId(ProjectManifest manifest, string name) =>
        $"macro.{manifest.ProjectName}.{name}";

    internal static string TypeOf(Node node) => SelectableNode.NameOf(node.ResourceType);
}
