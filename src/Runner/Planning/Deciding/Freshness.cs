using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Microbatches;
using Strata.Runner.State;

namespace Strata.Runner.Planning.Deciding;

/// <summary>Decides for one node after the other, parents first, whether and how it must be built.</summary>
internal sealed class Freshness
{
    private readonly RunRequest _request;
    private readonly EngineStates _states;
    private readonly PlanGraph _graph;
    private readonly OverdueNodes _overdue;
    private readonly MovedInputs _moved;
    private readonly RebuildReasons _rebuilds;
    private readonly ModelFreshness _models;
    private readonly Dictionary<string, Decision> _decisions = [];

    public Freshness(RunRequest request, EngineStates states, PlanGraph graph)
    {
        (_request, _states, _graph) = (request, states, graph);
        Versions = states.Versions(request.Manifest);
        _overdue = new OverdueNodes(request, graph);
        _moved = new MovedInputs(request.Manifest, Versions, graph, Works);
        _rebuilds = new RebuildReasons(request, states);
        _models = new ModelFreshness(request, states, _overdue, _moved, _rebuilds);
    }

    public NodeVersions Versions { get; }

    public Decision Of(string nodeId) => _decisions[nodeId];

    public Decision? Find(string nodeId) => _decisions.GetValueOrDefault(nodeId);

    /// <summary>What was decided, in the light of what else was.</summary>
    public void Revise(string nodeId, Func<Decision, Decision> change) =>
        _decisions[nodeId] = change(_decisions[nodeId]);

    public bool Works(string nodeId) => _decisions.TryGetValue(nodeId, out var decision) && decision.Works;

    public void Decide(RelationNode node)
    {
        var inputs = _graph.InputsOf(node);
        _decisions[node.UniqueId] = node switch
        {
            _ when node.UniqueId == _request.Replay?.NodeId => DecideReplay(node),
            ModelNode model => _models.Of(model, inputs),
            SeedNode seed => DecideSeed(seed),
            _ => throw new ArgumentOutOfRangeException(nameof(node)),
        };
    }

    public void Decide(Transfer transfer)
    {
        var state = _states.StateOf(transfer.Id);
        ImmutableArray<string> inputs = [transfer.Producer.UniqueId];
        _decisions[transfer.Id] = _moved.Choose(
            PlannedAction.Copy,
            _states.Find(transfer.Connection, transfer.Replica) is null || state is null ? "first copy"
                : state.Fingerprint != transfer.Fingerprint ? "definition changed"
                : _overdue.ReasonOf(transfer, state),
            state,
            inputs
        );
    }

    /// <summary>Whether a test that was passed is still passed, because neither it nor what it reads has moved, and time does not matter.</summary>
    public bool IsFresh(TestNode test) =>
        !test.ReadsClock
        && _states.StateOf(test.UniqueId) is { } state
        && state.Fingerprint == test.Fingerprint
        && Versions.AreUnmoved(state, _graph.InputsOf(test));

    /// <summary>What grows takes its rows back as a batch; what is built as a whole is built with them.</summary>
    private Decision DecideReplay(RelationNode node)
    {
        var grows =
            node is ModelNode { Config.Materialized: Materialization.Incremental or Materialization.Cdc };
        var action = grows && !_request.FullRefresh ? PlannedAction.Incremental : PlannedAction.Full;
        return new Decision(action, "quarantined rows")
        {
            Batches =
                action == PlannedAction.Full && node is ModelNode { Config.Microbatch: { } microbatch }
                    ? BatchSelection.All(microbatch, _request.StartedAt)
                    : [],
        };
    }

    private Decision DecideSeed(SeedNode seed) =>
        _rebuilds.Of(seed) is { } reason
            ? new Decision(PlannedAction.Full, reason)
            : new Decision(PlannedAction.None, "fresh");
}
