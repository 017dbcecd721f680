using System.Collections.Immutable;
using System.Text.Json;
using Strata.Cli.CommandLine;
using Strata.Cli.Listing;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Commands;

public sealed class LsCommand : StrataCommand
{
    private static readonly string[] ResourceTypes =
    [
        .. Enum.GetValues<ResourceType>().Select(SelectableNode.NameOf),
    ];

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
        Choices = [.. ResourceTypes, "all"],
    };

    public LsCommand()
        : base("ls", "list the nodes of the project")
    {
        Aliases.Add("list");
        AddAll(_selection.All, [_resourceType], [_output], _project.Reading);
    }

    public override string Details =>
        "Lists what a selection matches, parents before children, one per line. No connection is opened, "
        + "and only a cache beside the artifacts is written, which makes the next listing quick.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata ls", "every source, seed, model and exposure"),
            new("strata ls -s +daily_sales -o path", "the files that daily_sales depends on"),
            new("strata ls --resource-type test -s orders", "the tests of one model"),
            new("strata ls -o json | jq .relation", "for programs: one JSON object per line"),
        ];

    public override Task<int> RunAsync(CommandContext context)
    {
        if (Listing(context, out var project, out var exitCode) is not { } listing)
            return Task.FromResult(exitCode);
        var diagnostics = new DiagnosticBag();
        var criteria = _selection.Parse(context, diagnostics);
        // a listing that was kept does not hold what nodes are made of
        if (criteria?.FindUse(SelectionMethod.State) is not null && project is null)
        {
            project = ProjectSession.Open(context, _project, out exitCode, warns: ProjectWarnings.None);
            if (project is null)
                return Task.FromResult(exitCode);
        }
        var earlier = criteria is null
            ? null
            : EarlierArtifacts.Read(
                criteria,
                _selection.StateFolder(context),
                ProjectSession.ArtifactFolderOf(context, _project),
                project?.Manifest,
                context.Shorten,
                diagnostics
            );
        List<ListedNode> matches =
            criteria is null || earlier is null ? [] : [.. listing.Select(criteria, earlier, diagnostics)];
        var found = diagnostics.ToSorted();
        context.Diagnostics.Print(context.IsQuiet ? [.. found.Where(one => one.IsError)] : found);
        if (criteria is null || earlier is null || diagnostics.HasErrors)
            return Task.FromResult(SelectionFlags.ExitCodeOf(found));
        var nodes = OfTypes(matches);
        if (nodes.Count == 0 && found.IsEmpty && !context.IsQuiet)
            context.Diagnostics.Print(NothingToList(context, matches, Count));
        Write(context, nodes);
        return Task.FromResult(ExitCode.Ok);

        List<ListedNode> OfTypes(IEnumerable<ListedNode> listed)
        {
            var types = Types(context.Get(_resourceType) ?? []);
            return [.. listed.Where(one => types.Contains(one.Node.ResourceType))];
        }

        int Count(string[] words)
        {
            var unseen = new DiagnosticBag();
            var part = SelectionParser.Parse(words, [], IndirectSelection.Eager, criteria.Selectors, unseen);
            return part is null ? 0 : OfTypes(listing.Select(part, earlier, unseen)).Count;
        }
    }

    private void Write(CommandContext context, IEnumerable<ListedNode> nodes)
    {
        var output = context.Get(_output) ?? "name";
        foreach (var node in nodes)
        {
            if (output == "json")
                context.Out.WriteJsonLine(Json(node));
            else
                context.Out.Write(Line(node, output) + "\n");
        }
    }

    /// <param name="count">How many nodes a selection matches that could be listed.</param>
    private Diagnostic NothingToList(
        CommandContext context,
        List<ListedNode> matches,
        Func<string[], int> count
    )
    {
        var selectors = _selection.Selected(context);
        return matches.Count == 0 || selectors.Length == 0
            ? CommandLineDiagnostics.NothingToList(selectors, WhyNothing(context, count))
            : CommandLineDiagnostics.NothingListed(
                selectors,
                matches.Select(listed => listed.Node.ResourceType)
            );
    }

    /// <summary>What each part of a selection matches that matches nothing as a whole.</summary>
    private string WhyNothing(CommandContext context, Func<string[], int> count)
    {
        var selectors = _selection.Selected(context);
        if (!_selection.Excluded(context).IsEmpty && count([.. selectors]) is > 0 and var without)
            return $"'--exclude' leaves nothing: without it the selection matches {Words.Count(without, "node")}";
        if (
            selectors.FirstOrDefault(selector => selector.Contains(',', StringComparison.Ordinal)) is
            { } parts
        )
        {
            var counts = parts.Split(',').Select(part => $"'{part}' matches {count([part])}");
            return $"a comma selects nodes that all its parts match: {string.Join(", ", counts)}, but no node matches all of them";
        }
        return "'strata ls' without a selection lists everything, with '--resource-type all' also tests";
    }

    /// <summary>The project as it was listed before, if nothing has changed since, else compiled.</summary>
    /// <param name="project">The compiled project; null where it did not have to be compiled.</param>
    private ProjectListing? Listing(CommandContext context, out ProjectSession? project, out int exitCode)
    {
        (project, exitCode) = (null, ExitCode.Ok);
        var inputs = ListingInputs.Of(context, _project);
        var cache = new ListingCache(
            Path.Combine(ProjectSession.ArtifactFolderOf(context, _project), ArtifactFolder.Cache),
            context.Host.Time.GetUtcNow()
        );
        if (cache.Find(inputs) is { } kept)
            return kept;
        project = ProjectSession.Open(context, _project, out exitCode, warns: ProjectWarnings.None);
        if (project is null)
            return null;
        var listing = ProjectListing.From(project.Manifest);
        if (project is { Sources: { } sources, Diagnostics.IsEmpty: true })
            cache.Keep(listing, inputs, sources, project.VariablesRead, context.Redactor.Redact);
        return listing;
    }

    private static HashSet<string> Types(string[] words)
    {
        if (words.Contains("all"))
            return [.. ResourceTypes];
        return words.Length == 0
            ? [.. ResourceTypes.Where(type => type is not ("test" or "unit_test"))]
            : [.. words];
    }

    private static string Line(ListedNode listed, string output) =>
        output switch
        {
            "path" => listed.Node.Path,
            "selector" => Selector(listed.Node),
            _ => NameOf(listed.Node),
        };

    private static string NameOf(SelectableNode node) =>
        node.SourceName is { } source ? $"{source}.{node.Name}" : node.Name;

    private static string Selector(SelectableNode node) =>
        node.ResourceType switch
        {
            "source" => $"source:{node.SourceName}.{node.Name}",
            "exposure" => $"exposure:{node.Name}",
            _ => string.Join('.', node.Fqn),
        };

    private static string Json(ListedNode listed) =>
        JsonLine.Write(json =>
        {
            var node = listed.Node;
            json.WriteString("name", node.Name);
            json.WriteString("resource_type", node.ResourceType);
            json.WriteString("unique_id", node.Id);
            json.WriteString("path", node.Path);
            if (listed.Materialized is { } materialized)
            {
                json.WriteString("layer", node.Layer);
                json.WriteString("materialized", materialized);
            }
            if (listed.Relation is { } relation)
            {
                json.WriteString("connection", listed.Connection);
                json.WriteString("relation", relation);
            }
            json.WriteString("description", listed.Description);
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
}
