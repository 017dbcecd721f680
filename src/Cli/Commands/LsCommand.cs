using System.Collections.Immutable;
using System.Text.Json;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Commands;

public sealed class LsCommand : StrataCommand
{
    private readonly SelectionFlags _selection = new();
    private readonly ProjectFlags _project = new();
    private readonly Flag<string?> _output = new(
        FlagGroup.Output,
        "--output",
        "-o",
        "format",
        "name, path, selector or json (default: name)"
    )
    {
        Choices = ["name", "path", "selector", "json"],
    };
    private readonly Flag<string[]> _resourceType = new(
        FlagGroup.Selection,
        "--resource-type",
        null,
        "types",
        "model, seed, source, snapshot, exposure, test, unit_test or all (default: all but tests)"
    )
    {
        AllowMultipleArgumentsPerToken = true,
        Choices = [.. Enum.GetValues<ResourceType>().Select(Word), "all"],
    };

    public LsCommand()
        : base("ls", "list the nodes of the project")
    {
        Aliases.Add("list");
        AddAll(_selection.All, [_resourceType], [_output], _project.Reading);
    }

    public override string Details =>
        "Lists what a selection matches, parents before children, one per line. Nothing is connected to and "
        + "nothing is written.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata ls", "every source, seed, model and exposure"),
            new("strata ls -s +daily_sales -o path", "the files that daily_sales depends on"),
            new("strata ls --resource-type test -s orders", "the tests of one model"),
            new("strata ls -o json | jq .relation", "for programs: one JSON object per line"),
        ];

    public override Task<int> RunAsync(CommandContext context)
    {
        if (ProjectSession.Open(context, _project, out var exitCode) is not { } project)
            return Task.FromResult(exitCode);
        if (project.Select(context, _selection) is not { } selected)
            return Task.FromResult(ExitCode.CouldNotRun);
        var types = Types(context.Get(_resourceType) ?? []);
        var nodes = project
            .Manifest.Graph.Sorted.Where(selected.Contains)
            .Select(id => project.Manifest.Nodes[id])
            .Where(node => types.Contains(node.ResourceType))
            .ToList();
        if (nodes.Count == 0)
            project.WarnNothingSelected(context, _selection);
        var output = context.Get(_output) ?? "name";
        foreach (var node in nodes)
            context.Out.Write(Line(node, output) + "\n");
        return Task.FromResult(ExitCode.Ok);
    }

    private static HashSet<ResourceType> Types(string[] words)
    {
        var all = Enum.GetValues<ResourceType>();
        if (words.Contains("all"))
            return [.. all];
        return words.Length == 0
            ? [.. all.Except([ResourceType.Test, ResourceType.UnitTest])]
            : [.. all.Where(type => words.Contains(Word(type)))];
    }

    private static string Line(Node node, string output) =>
        output switch
        {
            "path" => node.Path,
            "selector" => Selector(node),
            "json" => Json(node),
            _ => NameOf(node),
        };

    private static string NameOf(Node node) =>
        node is SourceNode source ? $"{source.SourceName}.{source.Name}" : node.Name;

    private static string Selector(Node node) =>
        node switch
        {
            SourceNode source => $"source:{source.SourceName}.{source.Name}",
            ExposureNode => $"exposure:{node.Name}",
            _ => string.Join('.', node.Fqn),
        };

    private static string Json(Node node) =>
        JsonLine.Write(json =>
        {
            json.WriteString("name", node.Name);
            json.WriteString("resource_type", Word(node.ResourceType));
            json.WriteString("unique_id", node.UniqueId);
            json.WriteString("path", node.Path);
            if (node is ModelNode model)
            {
                json.WriteString("layer", model.Layer);
                json.WriteString("materialized", Snake(model.Config.Materialized));
            }
            if (node is RelationNode relation)
            {
                json.WriteString("connection", relation.Connection);
                json.WriteString("relation", relation.Relation.ToString());
            }
            json.WriteString("description", node.Description);
            WriteTexts(json, "tags", node.Tags);
            WriteTexts(json, "depends_on", node.DependsOn);
        });

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Word(ResourceType type) => Snake(type);

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
