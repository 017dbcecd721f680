using System.Collections.Immutable;
using Strata.Cli.Commands;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest;
using Strata.Runner.Checking;

namespace Strata.Cli.Docs;

/// <summary>A project as its page shows it: what has a place of its own, in which order, and what belongs to it.</summary>
internal sealed class DocsProject
{
    private const string Sources = "sources";
    private const string Exposures = "exposures";

    private readonly ImmutableDictionary<string, KnownColumns> _columns;
    private readonly ILookup<string, TestNode> _tests;
    private readonly ILookup<string, UnitTestNode> _unitTests;
    private readonly ILookup<string, ModelNode> _macroUsers;
    private readonly Dictionary<string, string> _groupOf;

    /// <param name="columns">The columns that are known of relations besides those that YAML declares.</param>
    public DocsProject(ProjectManifest manifest, ImmutableDictionary<string, KnownColumns> columns)
    {
        Manifest = manifest;
        _columns = columns;
        var tests = manifest.Nodes.Values.OfType<TestNode>().ToList();
        // a singular test is one of all that it reads
        _tests = tests
            .SelectMany(test =>
                (test.AttachedNode is { } attached ? [attached] : test.DependsOn).Select(id => (id, test))
            )
            .ToLookup(pair => pair.id, pair => pair.test, StringComparer.Ordinal);
        FreeTests = [.. tests.Where(test => test.AttachedNode is null && test.DependsOn.IsEmpty)];
        _unitTests = manifest
            .Nodes.Values.OfType<UnitTestNode>()
            .ToLookup(test => test.Model, StringComparer.Ordinal);
        _macroUsers = manifest
            .Nodes.Values.OfType<ModelNode>()
            .SelectMany(model => model.Macros.Select(macro => (macro, model)))
            .ToLookup(pair => pair.macro, pair => pair.model, StringComparer.Ordinal);
        Groups = GroupsOf(manifest);
        Nodes = [.. Groups.SelectMany(group => group.Nodes)];
        _groupOf = Groups
            .SelectMany(group => group.Nodes.Select(node => (node.UniqueId, group.Name)))
            .ToDictionary(pair => pair.UniqueId, pair => pair.Name, StringComparer.Ordinal);
    }

    public ProjectManifest Manifest { get; }

    /// <summary>In the order in which data passes through them; exposures come last.</summary>
    public ImmutableArray<DocsGroup> Groups { get; }

    /// <summary>Every node that has a place of its own, group by group.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Tests that read no node, and so stand under none.</summary>
    public ImmutableArray<TestNode> FreeTests { get; }

    /// <summary>The macros of the project; those that every project has are described elsewhere.</summary>
    public IEnumerable<MacroInfo> Macros => Manifest.Macros.Values.Where(macro => !macro.IsInTheBox);

    public IEnumerable<ModelNode> Models => Nodes.OfType<ModelNode>();

    public string GroupOf(Node node) => _groupOf[node.UniqueId];

    /// <summary>In the order in which they are written; those that stand in files of their own come last.</summary>
    public IEnumerable<TestNode> TestsOf(Node node) =>
        _tests[node.UniqueId]
            .OrderBy(test => test.AttachedNode is null ? 1 : 0)
            .ThenBy(test => test.Declaration.File.Path, StringComparer.Ordinal)
            .ThenBy(test => test.Declaration.Span.Start);

    public IEnumerable<UnitTestNode> UnitTestsOf(Node node) => _unitTests[node.UniqueId];

    public bool IsTested(Node node) => _tests.Contains(node.UniqueId) || _unitTests.Contains(node.UniqueId);

    public IEnumerable<ModelNode> UsersOf(MacroInfo macro) => _macroUsers[macro.Name];

    public IEnumerable<MacroInfo> CallersOf(MacroInfo macro) =>
        Macros.Where(other => other.Calls.Contains(macro.Name));

    /// <summary>The nodes with a place of their own that a node reads.</summary>
    public IEnumerable<Node> ParentsOf(Node node) => Documented(Manifest.Graph.ParentsOf(node.UniqueId));

    /// <summary>Those that read it; its tests are none of them.</summary>
    public IEnumerable<Node> ChildrenOf(Node node) => Documented(Manifest.Graph.ChildrenOf(node.UniqueId));

    public ImmutableArray<DocsColumn> ColumnsOf(RelationNode node) =>
        DocsColumn.Merge(node.Columns, _columns.GetValueOrDefault(node.UniqueId)?.Columns ?? []);

    /// <summary>Whether a relation may have columns that the page does not show.</summary>
    public bool MayHaveMore(RelationNode node) =>
        _columns.GetValueOrDefault(node.UniqueId) is not { IsComplete: true };

    public string MacroId(MacroInfo macro) => $"macro.{Manifest.ProjectName}.{macro.Name}";

    /// <summary>As it is referred to: a table of a source has the name of the source as well.</summary>
    public static string NameOf(Node node) =>
        node is RelationNode relation ? NodeNames.Of(relation) : node.Name;

    /// <summary>Null outside of all layers.</summary>
    public static string? LayerOf(Node node) =>
        node switch
        {
            ModelNode model => model.Layer,
            SeedNode seed => seed.Layer,
            _ => null,
        };

    public static string KindOf(Node node) => SelectableNode.NameOf(node.ResourceType);

    private IEnumerable<Node> Documented(ImmutableArray<string> ids) =>
        ids.Select(id => Manifest.Nodes.GetValueOrDefault(id))
            .OfType<Node>()
            .Where(node => _groupOf.ContainsKey(node.UniqueId))
            .OrderBy(NameOf, StringComparer.Ordinal);

    private static ImmutableArray<DocsGroup> GroupsOf(ProjectManifest manifest)
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in manifest.Graph.Sorted)
            depths[id] = manifest.Graph.ParentsOf(id).Select(parent => depths[parent] + 1).Append(0).Max();
        return
        [
            .. manifest
                .Nodes.Values.Where(node => node is not (TestNode or UnitTestNode))
                .GroupBy(PlaceOf)
                .OrderBy(group => group.Key.Name == Sources && !group.Key.IsLayer ? 0 : 1)
                .ThenBy(group => group.Key.Name == Exposures && !group.Key.IsLayer ? 1 : 0)
                // the manifest has layers by name: a layer comes behind those that it reads
                .ThenBy(group => group.Average(node => depths[node.UniqueId]))
                .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
                .Select(group => new DocsGroup(
                    group.Key.Name,
                    group.Key.IsLayer,
                    [.. group.OrderBy(NameOf, StringComparer.Ordinal)]
                )),
        ];
    }

    private static (string Name, bool IsLayer) PlaceOf(Node node) =>
        node switch
        {
            _ when LayerOf(node) is { } layer => (layer, true),
            SourceNode => (Sources, false),
            ExposureNode => (Exposures, false),
            _ => ($"{KindOf(node)}s", false),
        };
}
