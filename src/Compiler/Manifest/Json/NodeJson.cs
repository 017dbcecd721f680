using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Json;

/// <summary>Writes nodes in the shape of dbt's manifest.</summary>
internal sealed partial class NodeJson(Utf8JsonWriter json, ProjectManifest manifest)
{
    public void Write(Node node)
    {
        json.WriteStartObject(node.UniqueId);
        WriteCommon(node);
        switch (node)
        {
            case ModelNode model:
                WriteModel(model);
                break;
            case SeedNode seed:
                WriteRelation(seed);
                WriteChecksum(HashOf(seed.Source.Text));
                WriteOwn(seed, seed.Layer, seed.Fingerprint);
                break;
            case SourceNode source:
                WriteSource(source);
                break;
            case TestNode test:
                WriteTest(test);
                break;
            case ExposureNode exposure:
                WriteExposure(exposure);
                break;
            case UnitTestNode test:
                new UnitTestJson(json, manifest).Write(test);
                WriteChecksum(HashOfYaml(test.OverridesText));
                break;
        }
        json.WriteEndObject();
    }

    private void WriteCommon(Node node)
    {
        json.WriteString("unique_id", node.UniqueId);
        json.WriteString("resource_type", ManifestJson.TypeOf(node));
        json.WriteString("name", node.Name);
        json.WriteString("package_name", manifest.ProjectName);
        json.WriteString("path", node.Path[(node.Path.IndexOf('/') + 1)..]);
        json.WriteString("original_file_path", node.Path);
        if (node.PatchPath is { } patch)
            json.WriteString("patch_path", $"{manifest.ProjectName}://{patch}");
        else
            json.WriteNull("patch_path");
        WriteTexts("fqn", node.Fqn);
        json.WriteString("description", node.Description);
        WriteTexts("tags", node.Tags);
        WriteValue("meta", node.Meta);
        WriteValue("config", node.ConfigValues);
        if (node is SourceNode)
            return;
        json.WriteStartObject("depends_on");
        WriteTexts("macros", [.. MacrosOf(node).Select(macro => ManifestJson.MacroId(manifest, macro))]);
        WriteTexts("nodes", node.DependsOn);
        json.WriteEndObject();
        WriteReferences(node.DependsOn);
    }

    private IEnumerable<string> MacrosOf(Node node) =>
        node switch
        {
            ModelNode model => model.Macros,
            TestNode { TestName: { } name } => manifest.Macros.GetValueOrDefault(name) is { IsTest: true }
                ? [name]
                : [],
            TestNode test => test.Macros,
            _ => [],
        };

    private void WriteReferences(ImmutableArray<string> parents)
    {
        var relations = parents.Select(manifest.Find<RelationNode>).OfType<RelationNode>().ToList();
        json.WriteStartArray("refs");
        foreach (var read in relations)
        {
            if (read is SourceNode)
                continue;
            json.WriteStartObject();
            json.WriteString("name", read.Name);
            json.WriteNull("package");
            json.WriteNull("version");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("sources");
        foreach (var source in relations.OfType<SourceNode>())
        {
            json.WriteStartArray();
            json.WriteStringValue(source.SourceName);
            json.WriteStringValue(source.Name);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private void WriteRelation(RelationNode node)
    {
        json.WriteNull("database");
        json.WriteString("schema", node.Relation.Schema);
        json.WriteString("alias", node.Relation.Name);
        if (node is ModelNode { Config.Materialized: Materialization.Ephemeral })
            json.WriteNull("relation_name");
        else
            json.WriteString("relation_name", SqlDialects.Find(node.Engine)?.Quote(node.Relation));
        json.WriteStartObject("columns");
        foreach (var column in node.Columns)
        {
            json.WriteStartObject(column.Name);
            json.WriteString("name", column.Name);
            json.WriteString("description", column.Description);
            json.WriteString("data_type", column.DataType);
            WriteTexts("tags", column.Tags);
            WriteValue("meta", column.Meta);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteModel(ModelNode model)
    {
        WriteRelation(model);
        json.WriteString("language", "sql");
        json.WriteString("raw_code", model.Source.Text);
        WriteCompiled(model.Full, model);
        WriteChecksum(model.Fingerprint);
        json.WriteString("group", model.Config.Group);
        json.WriteString("access", "protected");
        WriteOwn(model, model.Layer, model.Fingerprint, () => WriteReferenceKinds(model));
    }

    private void WriteCompiled(CompiledSql sql, Node node)
    {
        json.WriteBoolean("compiled", true);
        json.WriteString("compiled_code", sql.Text);
        json.WriteString("compiled_path", CompiledFiles.PathOf(manifest, node));
    }

    private void WriteReferenceKinds(ModelNode model)
    {
        WriteIncluded(model.Included);
        if (model.Incremental is { } incremental)
            json.WriteString("compiled_code_incremental", incremental.Text);
        WriteTexts(
            "changes",
            [
                .. new[] { model.Full, model.Incremental }
                    .OfType<CompiledSql>()
                    .SelectMany(sql => sql.References)
                    .Where(reference => reference.Kind == ReferenceKind.Changes)
                    .Select(reference => reference.NodeId)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]
        );
    }

    private void WriteSource(SourceNode source)
    {
        WriteRelation(source);
        json.WriteString("source_name", source.SourceName);
        json.WriteString("identifier", source.Relation.Name);
        json.WriteString("loaded_at_field", source.Freshness?.LoadedAt);
        json.WriteString("loaded_at_query", source.Freshness?.LoadedAtQuery);
        if (source.Freshness is { } freshness)
        {
            json.WriteStartObject("freshness");
            WriteLimit("warn_after", freshness.WarnAfter);
            WriteLimit("error_after", freshness.ErrorAfter);
            json.WriteString("filter", freshness.Filter);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("freshness");
        }
        WriteOwn(source, null, source.Fingerprint, () => WriteFiles(source.Files, source.FilesText));
    }

    private void WriteFiles(FilesConfig? files, string text)
    {
        if (files is null)
            return;
        json.WriteStartObject("files");
        json.WriteString("path", files.Path);
        json.WriteString("format", files.Format.ToString().ToLowerInvariant());
        json.WriteBoolean("hive_partitions", files.HivePartitions);
        json.WriteString("checksum", HashOfYaml(text));
        json.WriteEndObject();
    }

    private void WriteLimit(string name, FreshnessLimit? limit)
    {
        if (limit is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("count", limit.Count);
        json.WriteString("period", limit.Period.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    private void WriteTest(TestNode test)
    {
        json.WriteString("column_name", test.Column);
        json.WriteString("attached_node", test.AttachedNode);
        if (test.TestName is { } name)
        {
            json.WriteStartObject("test_metadata");
            json.WriteString("name", name);
            json.WriteStartObject("kwargs");
            if (test.Column is { } column)
                json.WriteString("column_name", column);
            foreach (var (key, argument) in test.Arguments)
                WriteValue(key, argument.Value);
            json.WriteEndObject();
            json.WriteNull("namespace");
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("raw_code", test.Declaration.File.Text);
        }
        if (test.Query is { } query)
            WriteCompiled(query, test);
        WriteChecksum(test.Fingerprint);
        json.WriteStartObject("strata");
        json.WriteString("engine", test.Connection);
        json.WriteString("severity", test.Config.Severity.ToString().ToLowerInvariant());
        WriteIncluded(test.Included);
        json.WriteString("fingerprint", test.Fingerprint);
        json.WriteEndObject();
    }

    private void WriteExposure(ExposureNode exposure)
    {
        json.WriteString("type", exposure.Kind);
        json.WriteStartObject("owner");
        json.WriteString("name", exposure.Owner);
        json.WriteEndObject();
        json.WriteString("url", exposure.Url);
    }

    // how a file ends its lines, or YAML is indented, makes no other file of it
    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

    private static string HashOfYaml(string text) => HashOf(Blanks().Replace(text, " "));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    private void WriteIncluded(ImmutableSortedDictionary<string, SourceText> files)
    {
        if (files.IsEmpty)
            return;
        json.WriteStartObject("included");
        foreach (var (path, file) in files)
            json.WriteString(path, HashOf(file.Text));
        json.WriteEndObject();
    }

    private void WriteChecksum(string fingerprint)
    {
        json.WriteStartObject("checksum");
        json.WriteString("name", "sha256");
        json.WriteString("checksum", fingerprint);
        json.WriteEndObject();
    }

    private void WriteOwn(RelationNode node, string? layer, string fingerprint, Action? more = null)
    {
        json.WriteStartObject("strata");
        json.WriteString("layer", layer);
        json.WriteString("engine", node.Connection);
        json.WriteString("fingerprint", fingerprint);
        WriteTexts("volatile_columns", [.. node.Columns.Where(c => c.Volatile).Select(c => c.Name)]);
        more?.Invoke();
        json.WriteEndObject();
    }

    private void WriteTexts(string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private void WriteValue(string name, object? value)
    {
        json.WritePropertyName(name);
        ValueJson.Write(json, value);
    }
}
