using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Text;

namespace Strata.Conformance.Selectors;

/// <summary>A graph of the corpus, and the filters that dbt's commands put behind a selection.</summary>
internal sealed class SelectorGraph
{
    private static readonly string[] s_allTypes =
    [
        "model",
        "seed",
        "snapshot",
        "test",
        "unit_test",
        "source",
        "exposure",
        "metric",
        "semantic_model",
        "saved_query",
        "function",
    ];

    private readonly Dictionary<string, SelectableNode> _nodes;

    private readonly string _project;

    private SelectorGraph(IEnumerable<SelectableNode> nodes, string project, NamedSelectors selectors)
    {
        _nodes = nodes.ToDictionary(node => node.Id);
        _project = project;
        Selectors = selectors;
    }

    public NamedSelectors Selectors { get; }

    public static SelectorGraph Read(JsonElement graph) =>
        new(
            graph.GetProperty("nodes").EnumerateArray().Where(IsEnabled).Select(ReadNode),
            graph.GetProperty("project_name").GetString() ?? "",
            ReadSelectors(graph)
        );

    public ImmutableHashSet<string> Select(
        SelectionCriteria criteria,
        EarlierRuns earlier,
        DiagnosticBag diagnostics
    ) => new NodeSelector(_nodes.Values, _project, earlier).Select(criteria, diagnostics);

    // JSON is YAML
    private static NamedSelectors ReadSelectors(JsonElement graph) =>
        graph.TryGetProperty("selectors", out var selectors) && selectors.ValueKind == JsonValueKind.Array
            ? SelectorsFile.Read(
                new SourceText(SelectorsFile.Name, $"{{\"selectors\": {selectors.GetRawText()}}}"),
                new DiagnosticBag()
            )
            : NamedSelectors.None;

    public ImmutableHashSet<string> OfTypes(ImmutableHashSet<string> selected, HashSet<string> types) =>
        [.. selected.Where(id => types.Contains(_nodes[id].ResourceType))];

    public ImmutableHashSet<string> Filter(ImmutableHashSet<string> selected, JsonElement @case)
    {
        var command = @case.GetProperty("command").GetString() ?? "";
        var types = TypesOf(command).ToHashSet();
        if (
            command != "select"
            && @case.GetProperty("resource_types") is { ValueKind: JsonValueKind.Array } only
        )
        {
            var asked = only.EnumerateArray().SelectMany(Expand).ToList();
            if (command == "ls")
                types = [.. asked];
            else
                types.IntersectWith(asked);
        }
        if (@case.GetProperty("exclude_resource_types") is { ValueKind: JsonValueKind.Array } without)
            types.ExceptWith(without.EnumerateArray().SelectMany(Expand));
        var runs = command is "run" or "test" or "build" or "snapshot";
        return
        [
            .. selected.Where(id =>
                (command == "select" || types.Contains(_nodes[id].ResourceType))
                && !(runs && _nodes[id].Config.GetValueOrDefault("materialized") is "ephemeral")
            ),
        ];
    }

    private static IEnumerable<string> TypesOf(string command) =>
        command switch
        {
            "run" or "ls --models" => ["model"],
            "test" => ["test", "unit_test"],
            "snapshot" => ["snapshot"],
            "build" =>
            [
                "model",
                "seed",
                "snapshot",
                "test",
                "unit_test",
                "saved_query",
                "exposure",
                "function",
            ],
            _ => s_allTypes,
        };

    private static IEnumerable<string> Expand(JsonElement type) =>
        type.GetString() switch
        {
            "all" => [.. s_allTypes, "analysis"],
            "default" => s_allTypes,
            { } one => [one],
            null => [],
        };

    private static bool IsEnabled(JsonElement node) =>
        !node.GetProperty("config").TryGetProperty("enabled", out var enabled)
        || enabled.ValueKind != JsonValueKind.False;

    private static SelectableNode ReadNode(JsonElement node) =>
        new()
        {
            Id = Text(node, "id") ?? "",
            ResourceType = Text(node, "resource_type") ?? "",
            Name = Text(node, "name") ?? "",
            Package = Text(node, "package") ?? "",
            Fqn = Texts(node, "fqn"),
            Path = Text(node, "path") ?? "",
            PatchPath = Text(node, "patch_path"),
            Tags = Texts(node, "tags"),
            Config = ReadConfig(node),
            Version = Scalar(node, "version"),
            LatestVersion = Scalar(node, "latest_version"),
            Group = Text(node, "group"),
            Access = Text(node, "resource_type") == "model" ? Text(node, "access") ?? "protected" : null,
            DependsOn = Texts(node, "depends_on"),
            SourceName = Text(node, "source_name"),
            TestName = Text(node, "test_name"),
        };

    private static ImmutableSortedDictionary<string, object?> ReadConfig(JsonElement node)
    {
        var config = (ImmutableSortedDictionary<string, object?>?)ToValue(node.GetProperty("config"));
        return config is null || config.ContainsKey("enabled") || Text(node, "resource_type") == "exposure"
            ? config ?? ImmutableSortedDictionary<string, object?>.Empty
            : config.Add("enabled", true);
    }

    private static object? ToValue(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject()
                .ToImmutableSortedDictionary(member => member.Name, member => ToValue(member.Value)),
            JsonValueKind.Array => json.EnumerateArray().Select(ToValue).ToImmutableArray(),
            JsonValueKind.String => json.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
            _ => null,
        };

    // versions are numbers or texts
    private static string? Scalar(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ToString()
            : null;

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static ImmutableArray<string> Texts(JsonElement node, string name) =>
        node.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")]
            : [];
}
