using System.Collections.Immutable;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;

namespace Strata.Runner.Planning;

/// <summary>
/// What a request works on and what reads what: the selected nodes and tests, and a transfer wherever a reader
/// and its input lie on different connections.
/// </summary>
public sealed class PlanGraph
{
    private readonly ProjectManifest _manifest;
    private readonly Dictionary<string, Transfer> _transfers = [];
    private readonly HashSet<string> _planned = [];
    private readonly Dictionary<string, ImmutableArray<string>> _plannedAbove = [];

    public PlanGraph(ProjectManifest manifest, IReadOnlySet<string> selected, RunCommand command)
    {
        _manifest = manifest;
        Relations = [.. InOrder().OfType<RelationNode>().Where(node => IsBuilt(node, selected, command))];
        var relationIds = Relations.Select(node => node.UniqueId).ToHashSet();
        Tests = [.. InOrder().OfType<TestNode>().Where(test => IsRun(test, selected, command, relationIds))];
        UnitTests =
        [
            .. InOrder()
                .OfType<UnitTestNode>()
                .Where(test =>
                    command is RunCommand.Build or RunCommand.Test && selected.Contains(test.UniqueId)
                ),
        ];
        _planned.UnionWith(relationIds);
        // a test of what is published must see what is published: it brings no rows across
        var readers =
            command == RunCommand.Test
                ? []
                : Relations
                    .SelectMany(node => InputsOf(node))
                    .Concat(Tests.SelectMany(test => InputsOf(test)));
        foreach (var id in readers.ToList())
        {
            if (_transfers.ContainsKey(id))
                _planned.Add(id);
        }
        Transfers = [.. _transfers.Values.Where(transfer => _planned.Contains(transfer.Id))];
        Copies =
            command == RunCommand.Test
                ?
                [
                    .. Tests
                        .SelectMany(test => InputsOf(test))
                        .Distinct()
                        .Select(FindTransfer)
                        .OfType<Transfer>(),
                ]
                : Transfers;
    }

    /// <summary>Models and seeds to be built, parents first.</summary>
    public ImmutableArray<RelationNode> Relations { get; }

    /// <summary>What brings rows across in this run.</summary>
    public ImmutableArray<Transfer> Transfers { get; }

    /// <summary>What is read on another connection than its own: those, or what tests of published rows find there from earlier runs.</summary>
    public ImmutableArray<Transfer> Copies { get; }

    /// <summary>Tests to be run.</summary>
    public ImmutableArray<TestNode> Tests { get; }

    /// <summary>Unit tests to be run, or to be found fresh. They read nothing.</summary>
    public ImmutableArray<UnitTestNode> UnitTests { get; }

    /// <summary>What a model reads on its own connection: relations, and transfers in place of those elsewhere.</summary>
    public ImmutableArray<string> InputsOf(RelationNode node) =>
        [.. Inputs(node, node.Connection).Distinct()];

    public ImmutableArray<string> InputsOf(TestNode test) =>
        test.ReadsInPlace
            ? [.. test.DependsOn.Where(id => _manifest.Find<RelationNode>(id) is not null)]
            : [.. Inputs(test, test.Connection).Distinct()];

    public Transfer? FindTransfer(string id) => _transfers.GetValueOrDefault(id);

    /// <summary>
    /// The planned nodes that an input stands for: itself, else the nearest planned ones above it, so that the
    /// order holds across nodes which are not part of the run.
    /// </summary>
    public ImmutableArray<string> PlannedAbove(string inputId)
    {
        if (_planned.Contains(inputId))
            return [inputId];
        if (_plannedAbove.TryGetValue(inputId, out var known))
            return known;
        var inputs =
            _transfers.TryGetValue(inputId, out var transfer) ? [transfer.Producer.UniqueId]
            : _manifest.Find<RelationNode>(inputId) is { } node ? InputsOf(node)
            : ImmutableArray<string>.Empty;
        return _plannedAbove[inputId] = [.. inputs.SelectMany(input => PlannedAbove(input)).Distinct()];
    }

    private IEnumerable<Node> InOrder() => _manifest.Graph.Sorted.Select(id => _manifest.Nodes[id]);

    private static bool IsBuilt(RelationNode node, IReadOnlySet<string> selected, RunCommand command) =>
        selected.Contains(node.UniqueId)
        && node switch
        {
            ModelNode { ResourceType: ResourceType.Snapshot } snapshot => command
                is RunCommand.Build
                    or RunCommand.Snapshot
                && snapshot.Config.Enabled,
            ModelNode model => command is RunCommand.Run or RunCommand.Build
                && model.Config is { Enabled: true, Materialized: not Materialization.Ephemeral },
            SeedNode => command is RunCommand.Build or RunCommand.Seed,
            _ => false,
        };

    private static bool IsRun(
        TestNode test,
        IReadOnlySet<string> selected,
        RunCommand command,
        HashSet<string> relationIds
    ) =>
        test.Config.Enabled
        && command switch
        {
            // what a node publishes does not depend on what was selected besides it
            not RunCommand.Test
                when test.AttachedNode is { } subject
                    && (test.IsConstraint || test.Config.Severity == TestSeverity.Quarantine)
                    && relationIds.Contains(subject) => true,
            RunCommand.Run or RunCommand.Snapshot => test.AttachedNode is { } attached
                && relationIds.Contains(attached),
            // while its own side stays as it is, what it is compared with may move on
            RunCommand.Build when test is { ReadsInPlace: true, AttachedNode: { } subject } =>
                selected.Contains(test.UniqueId)
                    && (relationIds.Contains(subject) || !test.DependsOn.Any(relationIds.Contains)),
            RunCommand.Build or RunCommand.Test => selected.Contains(test.UniqueId),
            _ => false,
        };

    private IEnumerable<string> Inputs(Node node, string connection)
    {
        foreach (var relation in _manifest.RelationsReadBy(node))
        {
            if (relation.Connection == connection)
            {
                yield return relation.UniqueId;
                continue;
            }
            var transfer = Transfer.Create(_manifest, relation, connection);
            _transfers.TryAdd(transfer.Id, transfer);
            yield return transfer.Id;
        }
    }
}
