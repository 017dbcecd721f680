using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Comparing;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest.Json;

namespace Strata.Conformance.Selectors;

/// <summary>
/// Judges what <c>state:</c> selects: a graph is changed as a case says, once for the earlier manifest and once for the
/// current one, and both are read as a manifest.json is.
/// </summary>
internal static class StateJudge
{
    public static string? Judge(JsonElement @case, JsonElement graph)
    {
        var now = Change(graph, @case.GetProperty("current_changes"));
        var previous = @case.GetProperty("previous_changes");
        var comparison =
            previous.ValueKind == JsonValueKind.Null
                ? null
                : new ProjectComparison(ManifestOf(Change(graph, previous)), ManifestOf(now));
        using var current = JsonDocument.Parse(now.ToJsonString());
        var selectable = SelectorGraph.Read(current.RootElement);
        var mode =
            @case.GetProperty("base_graph").GetString() == "run_results"
                ? IndirectSelection.Eager
                : IndirectSelection.Empty;
        return @case
            .GetProperty("checks")
            .EnumerateArray()
            .Select(check => Judge(check, selectable, new EarlierRuns { Comparison = comparison }, mode))
            .FirstOrDefault(reason => reason is not null);
    }

    private static string? Judge(
        JsonElement check,
        SelectorGraph graph,
        EarlierRuns earlier,
        IndirectSelection mode
    )
    {
        var diagnostics = new DiagnosticBag();
        var (select, exclude) = (Words(check, "selector"), Words(check, "exclude"));
        var criteria = SelectionParser.Parse(select, exclude, mode, NamedSelectors.None, diagnostics);
        var found = criteria is null ? [] : graph.Select(criteria, earlier, diagnostics);
        var what = string.Join(' ', [.. select, .. exclude.Select(word => $"--exclude {word}")]);
        if (check.TryGetProperty("error", out var error))
            return diagnostics.HasErrors ? null : $"{what} should be {error}";
        if (diagnostics.HasErrors)
            return $"{what}: {diagnostics.ToSorted()[0].Message}";
        if (check.TryGetProperty("resource_types", out var types))
            found = graph.OfTypes(found, [.. types.EnumerateArray().Select(type => type.GetString() ?? "")]);
        var ids = string.Join(", ", found.Order(StringComparer.Ordinal));
        if (check.TryGetProperty("equals", out var equal) && !found.SetEquals(Ids(equal)))
            return $"{what} gives [{ids}], not {equal.GetRawText()}";
        if (check.TryGetProperty("contains", out var contained) && !found.IsSupersetOf(Ids(contained)))
            return $"{what} gives [{ids}], without {contained.GetRawText()}";
        return check.TryGetProperty("excludes", out var without) && found.Overlaps(Ids(without))
            ? $"{what} gives [{ids}], with {without.GetRawText()}"
            : null;
    }

    private static JsonObject Change(JsonElement graph, JsonElement changes)
    {
        var changed = (JsonObject)JsonNode.Parse(graph.GetRawText())!;
        changed["macros"] ??= new JsonObject();
        foreach (var change in changes.EnumerateArray())
        {
            var id = change.GetProperty("id").GetString() ?? "";
            switch (change.GetProperty("op").GetString())
            {
                case "add_macro":
                    changed["macros"]![id] = JsonNode.Parse(change.GetRawText());
                    break;
                case "add_node":
                    changed["nodes"]!.AsArray().Add(NewNode(id, change));
                    break;
                default:
                    var node = changed["nodes"]!.AsArray().First(one => (string?)one!["id"] == id)!;
                    Set(node, change.GetProperty("field").GetString() ?? "", change.GetProperty("value"));
                    break;
            }
        }
        return changed;
    }

    private static JsonObject NewNode(string id, JsonElement change)
    {
        var parts = id.Split('.');
        var node = (JsonObject)JsonNode.Parse(change.GetRawText())!;
        node["resource_type"] = parts[0];
        node["package"] = parts[1];
        node["name"] = parts[^1];
        node["path"] = $"{parts[0]}s/{parts[^1]}.sql";
        node["fqn"] = new JsonArray(parts[1], parts[^1]);
        node["tags"] = new JsonArray();
        node["config"] = new JsonObject();
        node["depends_on"] = new JsonArray();
        return node;
    }

    private static void Set(JsonNode node, string field, JsonElement value)
    {
        var path = field.Split('.');
        foreach (var name in path[..^1])
            node = node[name] ??= new JsonObject();
        node[path[^1]] = JsonNode.Parse(value.GetRawText());
    }

    /// <summary>The graph as a manifest.json has it.</summary>
    private static ComparableProject ManifestOf(JsonObject graph)
    {
        var nodes = new JsonObject();
        foreach (var node in graph["nodes"]!.AsArray())
        {
            var written = node!.DeepClone();
            written["depends_on"] = new JsonObject
            {
                ["macros"] = node["depends_on_macros"]?.DeepClone() ?? new JsonArray(),
            };
            written["raw_code"] = node["body"]?.DeepClone();
            written["checksum"] = new JsonObject
            {
                ["name"] = node["checksum"]?["name"]?.DeepClone(),
                ["checksum"] = node["checksum"]?["of"]?.DeepClone(),
            };
            nodes[(string)node["id"]!] = written;
        }
        var macros = new JsonObject();
        foreach (var (id, macro) in graph["macros"]!.AsObject())
            macros[id] = new JsonObject
            {
                ["macro_sql"] = macro!["sql"]?.DeepClone(),
                ["depends_on"] = new JsonObject
                {
                    ["macros"] = macro["depends_on_macros"]?.DeepClone() ?? new JsonArray(),
                },
            };
        var manifest = new JsonObject { ["nodes"] = nodes, ["macros"] = macros };
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        return ManifestReader.Read(stream);
    }

    private static string[] Words(JsonElement check, string name) =>
        check.TryGetProperty(name, out var word) ? [word.GetString() ?? ""] : [];

    private static ImmutableArray<string> Ids(JsonElement ids) =>
        [.. ids.EnumerateArray().Select(id => id.GetString() ?? "")];
}
