using System.Collections.Immutable;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning.Deciding;

namespace Strata.Runner.Planning;

/// <summary>Manifest, request and the state of the engines in; plan out. Pure.</summary>
public sealed class RunPlanner
{
    private readonly RunRequest _request;
    private readonly EngineStates _states;
    private readonly PlanGraph _graph;
    private readonly Freshness _freshness;
    private readonly FeedForecast _feeds;
    private readonly HashSet<string> _ordered = [];

    private RunPlanner(RunRequest request, PlanGraph graph, EngineStates states)
    {
        _request = request;
        _states = states;
        _graph = graph;
        _freshness = new Freshness(request, states, graph);
        _feeds = new FeedForecast(request, states, graph, _freshness, WriterOf);
    }

    public static RunPlan Plan(RunRequest request, PlanGraph graph, EngineStates states, string runId) =>
        new RunPlanner(request, graph, states).Plan(runId);

    private RunPlan Plan(string runId)
    {
        var decided = DecideAll();
        var tests = AssignTests(decided);
        // a test makes nodes wait for each other that do not read each other
        var order = Sort(decided, id => tests.ParentsOf(id));
        var groups = PublishGroups.Assign([.. Works(order).Select(id => GroupItem(id, tests))]);
        var sourceTests = TestsOfInputs(tests);
        var unitTests = UnitTestPlan.Of(_request, _graph, _states).ToDictionary(node => node.Id);
        var nodes = new Dictionary<string, PlannedNode>();
        foreach (var id in order)
        {
            var node = PlannedNodeOf(id, tests, groups);
            nodes[id] = node with
            {
                DependsOn =
                [
                    .. tests.ParentsOf(id),
                    .. SourcesTestedBefore(node, sourceTests),
                    .. UnitTestsBefore(id, unitTests),
                ],
            };
        }
        foreach (var test in sourceTests.Values.Concat(unitTests.Values))
            nodes[test.Id] = test;
        var sorted = Sort(
            [.. unitTests.Keys, .. sourceTests.Keys, .. order],
            id => nodes.TryGetValue(id, out var node) ? node.DependsOn : []
        );
        return new RunPlan
        {
            RunId = runId,
            TargetName = _request.Manifest.TargetName,
            StartedAt = _request.StartedAt,
            Nodes = [.. sorted.Select(id => nodes[id])],
        };
    }

    private static ImmutableArray<string> Sort(
        ImmutableArray<string> ids,
        Func<string, IEnumerable<string>> parentsOf
    )
    {
        var (graph, cycle) = Dag<string>.Create(ids, parentsOf);
        return graph?.Sorted
            ?? throw new InvalidOperationException($"the plan has a cycle: {string.Join(", ", cycle)}");
    }

    /// <summary>Decides for every relation and transfer, in an order in which parents come first.</summary>
    private ImmutableArray<string> DecideAll()
    {
        var order = ImmutableArray.CreateBuilder<string>();
        if (_request.Command == RunCommand.Test)
            return [];
        var decided = new HashSet<string>();
        foreach (var node in _graph.Relations)
        {
            foreach (var input in _graph.InputsOf(node))
                DecideTransfer(input);
            _freshness.Decide(node);
            order.Add(node.UniqueId);
            _ordered.Add(node.UniqueId);
            if (node is ModelNode model)
                _freshness.Revise(node.UniqueId, decision => _feeds.Of(model, decision));
        }
        foreach (var transfer in _graph.Transfers)
            DecideTransfer(transfer.Id);
        _ordered.UnionWith(order);
        return order.ToImmutable();

        void DecideTransfer(string id)
        {
            if (_graph.FindTransfer(id) is not { } transfer || !decided.Add(id))
                return;
            _freshness.Decide(transfer);
            order.Add(id);
        }
    }

    private IEnumerable<string> Works(ImmutableArray<string> order) => order.Where(_freshness.Works);

    private TestAssignment AssignTests(ImmutableArray<string> order)
    {
        var assignment = new TestAssignment(order.ToDictionary(id => id, PlannedParents));
        foreach (var test in _graph.Tests)
        {
            ImmutableArray<string> read =
            [
                .. _graph.InputsOf(test).SelectMany(input => _graph.PlannedAbove(input)).Distinct(),
            ];
            assignment.Assign(
                test,
                [.. read.Where(_ordered.Contains)],
                _freshness.Works,
                id => _graph.FindTransfer(id) is not null
            );
        }
        return assignment;
    }

    private ImmutableArray<string> PlannedParents(string id)
    {
        var inputs = _graph.FindTransfer(id) is { } transfer
            ? [transfer.Producer.UniqueId]
            : _graph.InputsOf(Relation(id));
        return [.. inputs.SelectMany(input => _graph.PlannedAbove(input)).Distinct()];
    }

    private PublishGroups.Item GroupItem(string id, TestAssignment tests)
    {
        var parents = tests.ParentsOf(id).Where(_freshness.Works).ToImmutableArray();
        if (_graph.FindTransfer(id) is { } transfer)
            return new PublishGroups.Item(id, transfer.Connection, "", false, true, parents);
        var node = Relation(id);
        var (layer, mode) = node switch
        {
            ModelNode model => (model.Layer, model.Config.Publish),
            SeedNode seed => (seed.Layer, seed.Publish),
            _ => (null, PublishMode.Model),
        };
        return new PublishGroups.Item(
            id,
            node.Connection,
            layer ?? node.Connection,
            mode == PublishMode.Run,
            false,
            parents
        );
    }

    private PlannedNode PlannedNodeOf(
        string id,
        TestAssignment tests,
        ImmutableDictionary<string, string> groups
    )
    {
        var decision = _freshness.Of(id);
        var group = groups.GetValueOrDefault(id);
        if (_graph.FindTransfer(id) is { } transfer)
        {
            return new PlannedNode
            {
                Id = id,
                Name = transfer.Name,
                Kind = PlannedKind.Transfer,
                Action = decision.Action,
                Reason = decision.Reason,
                Connection = transfer.Connection,
                Relation = transfer.Replica,
                Writer = decision.Works ? WriterOf(transfer) : null,
                Inputs = [transfer.Producer.UniqueId],
                OnlyIfInputsChange = decision.OnlyIfInputsChange,
                Tests = tests.TestsOf(id),
                PublishGroup = group,
                TransferredNode = transfer.Producer.UniqueId,
            };
        }
        var node = Relation(id);
        var own = tests.TestsOf(id);
        if (!decision.Works)
        {
            own = [.. tests.Alone.Where(test => test.AttachedNode == id && !_freshness.IsFresh(test))];
            if (!own.IsEmpty)
                decision = new Decision(
                    PlannedAction.Test,
                    own.Length == 1 ? "1 test is due" : $"{own.Length} tests are due"
                );
        }
        return new PlannedNode
        {
            Id = id,
            Name = node.Name,
            Kind = KindOf(node),
            Action = decision.Action,
            Reason = decision.Reason,
            Connection = node.Connection,
            Relation = node.Relation,
            Writer = decision is { Works: true, IsRefused: false }
                ? WriterOf(node, decision.Action).Words
                : null,
            WriterReason = decision is { Works: true, IsRefused: false }
                ? WriterOf(node, decision.Action).Reason
                : null,
            Inputs = _graph.InputsOf(node),
            OnlyIfInputsChange = decision.OnlyIfInputsChange,
            ReadsAgain = decision.Works ? decision.ReadsAgain : null,
            OldRows = decision.Works ? decision.OldRows : null,
            Batches = decision.Batches,
            Arriving = node is ModelNode arriving ? _feeds.Arriving(arriving, decision) : [],
            Replaced = node is ModelNode replaced
                ? [.. _feeds.Replaced(replaced, decision).Select(NameOf)]
                : [],
            Unfollowed =
                node is ModelNode batched && !decision.Batches.IsEmpty
                    ? [.. DividedInputs.Unfollowed(_request.Manifest, batched).Select(NameOf)]
                    : [],
            Tests = own,
            PublishGroup = group,
        };
    }

    private string WriterOf(Transfer transfer)
    {
        var producer = transfer.Producer;
        var dialect = _request.Adapters[producer.Connection].Dialect;
        var isRebuilt =
            _ordered.Contains(producer.UniqueId)
            && _freshness.Of(producer.UniqueId).Action == PlannedAction.Full;
        var basis = ShipmentBasis.Planned(transfer, _states, dialect, isRebuilt);
        // which batches there will be is not known yet, but that they can be shipped is
        return basis.Changes(transfer, dialect, long.MaxValue) is null
            ? Shipment.WholeWriter
            : Shipment.ChangesWriter;
    }

    private (string Words, string? Reason) WriterOf(RelationNode node, PlannedAction action)
    {
        if (action == PlannedAction.View)
            return ("view", null);
        if (
            node is ModelNode { Config: var config }
            && (action == PlannedAction.Incremental || config.Microbatch is not null)
        )
            return (RowIdentity.Words(config), null);
        var choice = WriterChoice.Plan(
            _request.Adapters[node.Connection].Capabilities.RelationIdentityMatters,
            _states.Find(node.Connection, node.Relation)
        );
        return (choice.Words, choice.Reason);
    }

    /// <summary>
    /// Tests that audit nothing which is built: those of sources and of nodes outside the run, by the node they are
    /// attached to; singular ones by themselves. What is known to be passed is left out, unless tests were asked for.
    /// </summary>
    private Dictionary<string, PlannedNode> TestsOfInputs(TestAssignment tests)
    {
        var due = tests
            .Alone.Where(test => test.AttachedNode is not { } attached || !_ordered.Contains(attached))
            .Where(test => _request.Command == RunCommand.Test || !_freshness.IsFresh(test));
        var planned = new Dictionary<string, PlannedNode>();
        foreach (var some in due.GroupBy(test => (Id: test.AttachedNode ?? test.UniqueId, test.Connection)))
        {
            var attached = _request.Manifest.Find<RelationNode>(some.Key.Id);
            planned[some.Key.Id] = new PlannedNode
            {
                Id = some.Key.Id,
                Name = attached switch
                {
                    { } node => NameOf(node),
                    null => some.First().Name,
                },
                Kind = KindOf(attached),
                Action = PlannedAction.Test,
                Reason = some.Count() == 1 ? "1 test is due" : $"{some.Count()} tests are due",
                Connection = some.Key.Connection,
                Relation = attached?.Relation,
                Inputs = [.. some.SelectMany(test => _graph.InputsOf(test)).Distinct()],
                DependsOn =
                [
                    .. some.SelectMany(test => _graph.InputsOf(test))
                        .SelectMany(input => _graph.PlannedAbove(input))
                        .Distinct()
                        .Where(_ordered.Contains),
                ],
                Tests = [.. some],
            };
        }
        return planned;
    }

    private static string NameOf(RelationNode node) =>
        node is SourceNode source ? $"{source.SourceName}.{source.Name}" : node.Name;

    private static PlannedKind KindOf(RelationNode? node) =>
        node switch
        {
            ModelNode { ResourceType: ResourceType.Snapshot } => PlannedKind.Snapshot,
            ModelNode => PlannedKind.Model,
            SeedNode => PlannedKind.Seed,
            _ => PlannedKind.Test,
        };

    /// <summary>A source is tested before anything is built from it.</summary>
    private static IEnumerable<string> SourcesTestedBefore(
        PlannedNode node,
        Dictionary<string, PlannedNode> sourceTests
    ) => node.Inputs.Where(input => sourceTests.TryGetValue(input, out var test) && test.DependsOn.IsEmpty);

    private IEnumerable<string> UnitTestsBefore(string id, Dictionary<string, PlannedNode> unitTests) =>
        _request.Manifest.Nodes.ContainsKey(id)
        && UnitTestPlan.IdOf(_request.Manifest, id) is var tests
        && unitTests.ContainsKey(tests)
            ? [tests]
            : [];

    private RelationNode Relation(string id) =>
        _request.Manifest.Find<RelationNode>(id)
        ?? throw new InvalidOperationException($"'{id}' is no relation of the project");
}
