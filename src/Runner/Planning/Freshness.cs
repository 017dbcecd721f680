using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.History;
using Strata.Runner.Microbatches;
using Strata.Runner.Runs;
using Strata.Runner.State;

namespace Strata.Runner.Planning;

/// <summary>Decides for one node after the other, parents first, whether and how it must be built.</summary>
internal sealed class Freshness(RunRequest request, EngineStates states, PlanGraph graph)
{
    private readonly ProjectManifest _manifest = request.Manifest;
    private readonly NodeVersions _versions = states.Versions(request.Manifest);
    private readonly OverdueNodes _overdue = new(request, graph);
    private readonly Dictionary<string, Decision> _decisions = [];

    public NodeVersions Versions => _versions;

    public Decision Of(string nodeId) => _decisions[nodeId];

    public Decision? Find(string nodeId) => _decisions.GetValueOrDefault(nodeId);

    /// <summary>What was decided, in the light of what else was.</summary>
    public void Revise(string nodeId, Func<Decision, Decision> change) =>
        _decisions[nodeId] = change(_decisions[nodeId]);

    public bool Works(string nodeId) => _decisions.TryGetValue(nodeId, out var decision) && decision.Works;

    public void Decide(RelationNode node)
    {
        var inputs = graph.InputsOf(node);
        _decisions[node.UniqueId] = node switch
        {
            _ when node.UniqueId == request.Replay?.NodeId => DecideReplay(node),
            ModelNode model => DecideModel(model, inputs),
            SeedNode seed => DecideSeed(seed),
            _ => throw new ArgumentOutOfRangeException(nameof(node)),
        };
    }

    public void Decide(Transfer transfer)
    {
        var state = states.StateOf(transfer.Id);
        ImmutableArray<string> inputs = [transfer.Producer.UniqueId];
        _decisions[transfer.Id] = Choose(
            PlannedAction.Copy,
            states.Find(transfer.Connection, transfer.Replica) is null || state is null ? "first copy"
                : state.Fingerprint != transfer.Fingerprint ? "definition changed"
                : _overdue.ReasonOf(transfer, state),
            state,
            inputs
        );
    }

    /// <summary>Whether a test that was passed is still passed, because neither it nor what it reads has moved, and time does not matter.</summary>
    public bool IsFresh(TestNode test) =>
        !test.ReadsClock
        && states.StateOf(test.UniqueId) is { } state
        && state.Fingerprint == test.Fingerprint
        && _versions.AreUnmoved(state, graph.InputsOf(test));

    /// <summary>What grows takes its rows back as a batch; what is built as a whole is built with them.</summary>
    private Decision DecideReplay(RelationNode node)
    {
        var grows =
            node is ModelNode { Config.Materialized: Materialization.Incremental or Materialization.Cdc };
        var action = grows && !request.FullRefresh ? PlannedAction.Incremental : PlannedAction.Full;
        return new Decision(action, "quarantined rows")
        {
            Batches =
                action == PlannedAction.Full && node is ModelNode { Config.Microbatch: { } microbatch }
                    ? BatchSelection.All(microbatch, request.StartedAt)
                    : [],
        };
    }

    private Decision DecideModel(ModelNode model, ImmutableArray<string> inputs)
    {
        var state = states.StateOf(model.UniqueId);
        var relation = states.Find(model.Connection, model.Relation);
        var isView = model.Config.Materialized == Materialization.View;
        var whole = isView ? PlannedAction.View : PlannedAction.Full;
        var kind = isView ? RelationKind.View : RelationKind.Table;
        var rebuild =
            relation is null ? "first build"
            : relation.Kind != kind ? $"is a {relation.Kind.ToString().ToLowerInvariant()} now"
            : state is null ? Unbuilt(model)
            : request.FullRefresh && !isView && model.Config.FullRefresh != false ? "--full-refresh"
            : model.Config
                is { Materialized: Materialization.Incremental or Materialization.Cdc, FullRefresh: true }
                ? "full_refresh: true"
            : ReadsFilesAnew(model, state, inputs)
                ? $"was a {state.Materialized?.ToString().ToLowerInvariant()}"
            : null;
        if (model.Config.Materialized == Materialization.Snapshot)
            return DecideSnapshot(model, relation, state, inputs);
        if (model.Config.Materialized is not (Materialization.Incremental or Materialization.Cdc))
        {
            var changed =
                state is not null && state.Fingerprint != model.Fingerprint ? "definition changed" : null;
            return OrVanished(
                model,
                relation,
                Choose(whole, rebuild ?? changed ?? _overdue.ReasonOf(model, state), state, inputs)
            );
        }
        // nobody asked for it, and the rows may be the only ones
        if (state is null && model.Config.FullRefresh == false && relation is { Kind: RelationKind.Table })
            return new Decision(
                PlannedAction.Full,
                $"{rebuild}; full_refresh: false keeps what is there (ST7027)"
            )
            {
                IsRefused = true,
            };
        if (model.Config.Microbatch is { } microbatch)
        {
            var batches = OrChanged(
                model,
                relation,
                DecideMicrobatch(model, microbatch, inputs, state, rebuild)
            );
            // whether rows of some periods are of files that are gone is known when they are built
            return OrVanished(
                model,
                relation,
                request.EventTime is null ? OrRefused(model, relation, batches) : batches
            );
        }
        if (rebuild is not null || state is null)
            return OrRefused(model, relation, new Decision(PlannedAction.Full, rebuild ?? "first build"));
        if (HasNoEvents(model, state))
            return OrRefused(model, relation, DecideStartOver(model, state, inputs));
        var counts = NewFiles(model, state);
        var files = counts.Describe();
        var moved =
            state.Fingerprint == model.Fingerprint ? files
            : files is null ? "definition changed, old rows stay"
            : $"definition changed, old rows stay; {files}";
        var goesOn = Choose(
            PlannedAction.Incremental,
            moved ?? _overdue.ReasonOf(model, state),
            state,
            inputs
        ) with
        {
            OldRows = OldRows(model, state, inputs),
            IsRefused = counts.Refused > 0,
        };
        return OrVanished(model, relation, goesOn);
    }

    private long? OldRows(ModelNode model, NodeState state, ImmutableArray<string> inputs) =>
        state.Fingerprint == model.Fingerprint || ReadsEverything(model, inputs) ? null : state.Rows;

    /// <summary>Whether each batch is made of all that there is, so that no row stays which another definition has made and that this one would make, too.</summary>
    private bool ReadsEverything(ModelNode model, ImmutableArray<string> inputs) =>
        model.Config is { Microbatch: null, UniqueKey.IsEmpty: false }
        && (model.Incremental is null || model.Incremental.Text == model.Full.Text)
        && model.Full.Reads.All(read => read.Kind != ReferenceKind.Changes)
        && !inputs.Any(states.Landed.ContainsKey);

    /// <summary>Why there is no state for a relation that is there: mostly because the node, or the relation, was something else before.</summary>
    private string Unbuilt(RelationNode node)
    {
        var (connection, left) = states
            .Engines.Values.Select(engine =>
                (engine.Connection, State: engine.Left.GetValueOrDefault(node.UniqueId))
            )
            .MaxBy(one => one.State?.RunId, StringComparer.Ordinal);
        if (left is not null && connection != node.Connection)
            return $"was on '{connection}' before";
        var names = request.Adapters[node.Connection].Dialect.RelationNames;
        if (left?.Relation is { Schema.Length: > 0 } was && !names.Equals(was, node.Relation))
            return $"was {was} before";
        var holder = states.Engines[node.Connection].Holders.GetValueOrDefault(node.Relation);
        return holder is null || holder == node.UniqueId
            ? "not built by this project yet"
            : $"was '{ProjectHistory.NameOf(_manifest, holder)}' before";
    }

    private Decision DecideStartOver(ModelNode model, NodeState state, ImmutableArray<string> inputs)
    {
        var anew =
            state.Fingerprint == model.Fingerprint
                ? NewFiles(model, state).Describe()
                : "definition changed, everything is read again";
        if (model.Config.FullRefresh != false)
            return Choose(PlannedAction.Full, anew, state, inputs) with
            {
                ReadsAgain = CdcState.SetOtherwise,
            };
        var decision = Choose(PlannedAction.Incremental, anew, state, inputs);
        return decision is { Works: true, OnlyIfInputsChange: false }
            ? decision with
            {
                Reason = $"full_refresh: false (ST7055); {CdcState.SetOtherwise}",
                IsRefused = true,
            }
            : decision;
    }

    /// <summary>Whether a cdc model remembers nothing that new events could be weighed against, and has to start over.</summary>
    private bool HasNoEvents(ModelNode model, NodeState state) =>
        model.Config is { Materialized: Materialization.Cdc }
        && CdcState.Find(
            model,
            request.Adapters[model.Connection].Dialect,
            state,
            name => states.Find(model.Connection, name)
        )
            is null;

    /// <summary>
    /// Which files a model has taken in is forgotten where it is built as a whole: the rows that it has now say nothing of them. Tables
    /// that are built as a whole themselves are not asked.
    /// </summary>
    private bool ReadsFilesAnew(ModelNode model, NodeState state, ImmutableArray<string> inputs) =>
        model.Config
            is { Materialized: Materialization.Incremental or Materialization.Cdc, FullRefresh: not false }
        && state.Materialized is { } was
        && was != model.Config.Materialized
        && inputs.Any(states.Landed.ContainsKey);

    /// <summary>
    /// What a microbatch model owes is built in any case; batches that late rows have come for, or may have, if anything
    /// that it reads has moved.
    /// </summary>
    private Decision DecideMicrobatch(
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<string> inputs,
        NodeState? state,
        string? rebuild
    )
    {
        var asked = request.EventTime is { } range ? BatchSelection.Asked(config, range) : default;
        if (rebuild is not null || state is null)
            return new Decision(PlannedAction.Full, rebuild ?? "first build")
            {
                Batches = asked.IsDefault ? BatchSelection.All(config, request.StartedAt) : asked,
            };
        if (!asked.IsDefault)
            return new Decision(PlannedAction.Incremental, "--event-time-start") { Batches = asked };
        var engine = states.Engines[model.Connection];
        var (owed, ifMoved) = BatchSelection.Due(
            config,
            request.StartedAt,
            engine.Batches[model.UniqueId],
            engine.Arrivals.GetValueOrDefault(model.UniqueId, Arrivals.None)
        );
        var changed = state.Fingerprint != model.Fingerprint ? "definition changed, old periods stay" : null;
        var decision = Choose(
            PlannedAction.Incremental,
            changed ?? _overdue.ReasonOf(model, state),
            state,
            inputs
        ) with
        {
            OldRows = OldRows(model, state, inputs),
        };
        if (decision is { Works: true, OnlyIfInputsChange: false })
            return decision with { Batches = ifMoved };
        if (owed.IsEmpty)
            return decision with { Batches = decision.Works ? ifMoved : [] };
        var words = string.Join(
            ", ",
            owed.GroupBy(batch => batch.Why).Select(group => $"{group.Count()} {group.Key}")
        );
        return new Decision(PlannedAction.Incremental, words)
        {
            Batches = decision.Works
                ? [.. ifMoved.Select(batch => batch with { OnlyIfInputsChange = !owed.Contains(batch) })]
                : owed,
        };
    }

    /// <summary>What a snapshot holds cannot be had again: neither a new definition nor a lost state rebuilds it.</summary>
    private Decision DecideSnapshot(
        ModelNode snapshot,
        RelationInfo? relation,
        NodeState? state,
        ImmutableArray<string> inputs
    )
    {
        if (relation is null)
            return new Decision(PlannedAction.Full, "first build");
        if (state is null)
            return new Decision(PlannedAction.Incremental, "continues the existing history");
        var changed = state.Fingerprint != snapshot.Fingerprint ? "definition changed" : null;
        return Choose(
            PlannedAction.Incremental,
            changed ?? _overdue.ReasonOf(snapshot, state),
            state,
            inputs
        );
    }

    private Decision DecideSeed(SeedNode seed)
    {
        var state = states.StateOf(seed.UniqueId);
        var relation = states.Find(seed.Connection, seed.Relation);
        var reason =
            relation is null ? "first build"
            : relation.Kind != RelationKind.Table ? $"is a {relation.Kind.ToString().ToLowerInvariant()} now"
            : state is null ? Unbuilt(seed)
            : request.FullRefresh ? "--full-refresh"
            : state.Fingerprint != seed.Fingerprint ? "file changed"
            : null;
        return reason is null
            ? new Decision(PlannedAction.None, "fresh")
            : new Decision(PlannedAction.Full, reason);
    }

    private Decision Choose(
        PlannedAction action,
        string? reason,
        NodeState? state,
        ImmutableArray<string> inputs
    )
    {
        if (reason is not null || state is null)
            return new Decision(action, reason ?? "first build");
        var working = inputs.SelectMany(input => graph.PlannedAbove(input)).Where(Works).ToImmutableArray();
        if (!_versions.AreUnmoved(state, inputs))
        {
            // what is unknown before this run may turn out to be known and unmoved, but only if the run works on it
            var first = inputs.First(input => !_versions.AreUnmoved(Only(state, input), [input]));
            return new Decision(action, Moved(first, state));
        }
        if (working.IsEmpty)
            return new Decision(PlannedAction.None, "fresh");
        return new Decision(action, $"if '{NameOf(working[0])}' changes", OnlyIfInputsChange: true);
    }

    private static NodeState Only(NodeState state, string input) =>
        state with
        {
            Inputs = state.Inputs.RemoveRange(state.Inputs.Keys.Where(key => key != input)),
        };

    private string Moved(string input, NodeState state) =>
        _manifest.Find<SourceNode>(input) is { Files: null } ? $"'{NameOf(input)}' is filled by others"
        // where no inputs were noted, periods were left out
        : state.Inputs.IsEmpty || state.Inputs.ContainsKey(input) ? $"'{NameOf(input)}' changed"
        : $"'{NameOf(input)}' is an input now";

    /// <summary>A model that keeps the rows of files that go is not built from nothing without them.</summary>
    private Decision OrRefused(ModelNode model, RelationInfo? relation, Decision decision)
    {
        if (
            decision is not { Works: true, Action: PlannedAction.Full }
            || relation is not { Kind: RelationKind.Table }
            || !GoneFiles.AreKeptBy(model)
        )
            return decision;
        var gone = ZonesOf(model)
            .Where(GoneFiles.AreMissed)
            .Sum(landed => LostContent.Count(GoneFiles.Taken(states, model, landed), landed));
        return gone == 0
            ? decision
            : decision with
            {
                Reason = $"{decision.Reason}; {gone} {(gone == 1 ? "file" : "files")} gone (ST7090)",
                IsRefused = true,
            };
    }

    /// <summary>Periods are not built again without what files have held, unless the source says that it is to go.</summary>
    private Decision OrChanged(ModelNode model, RelationInfo? relation, Decision decision)
    {
        if (
            !decision.Works
            || decision.Batches.IsEmpty
            || decision.Action == PlannedAction.Full && request.EventTime is null
            || relation is not { Kind: RelationKind.Table }
            || !GoneFiles.AreKeptBy(model)
        )
            return decision;
        var changed = ZonesOf(model)
            .Where(landed => landed.Source.Files is { OnChange: OnChangedFile.Fail })
            .Sum(landed => LostContent.CountRewritten(GoneFiles.Taken(states, model, landed), landed));
        return changed == 0
            ? decision
            : decision with
            {
                Reason = $"{decision.Reason}; {changed} changed {(changed == 1 ? "file" : "files")} (ST7005)",
                IsRefused = true,
            };
    }

    /// <summary>That all files of a zone are gone empties no model, although their rows are to go with them.</summary>
    private Decision OrVanished(ModelNode model, RelationInfo? relation, Decision decision)
    {
        if (
            !decision.Works
            || relation is not { Kind: RelationKind.Table }
            || request.FullRefresh && model.Config.FullRefresh != false
        )
            return decision;
        var vanished = ZonesOf(model)
            .Any(landed =>
                !GoneFiles.AreMissed(landed)
                && VanishedZone.IsCertain(model, GoneFiles.Taken(states, model, landed), landed)
            );
        return vanished ? decision with { Reason = "all files gone (ST7095)", IsRefused = true } : decision;
    }

    /// <summary>The landing zones whose files a model reads.</summary>
    private IEnumerable<LandingZone> ZonesOf(ModelNode model) =>
        FileSources
            .Of(_manifest, model)
            .Select(source => states.Landed.GetValueOrDefault(source.UniqueId))
            .OfType<LandingZone>();

    private FileCounts NewFiles(ModelNode model, NodeState state)
    {
        var counts = default(FileCounts);
        foreach (var landed in ZonesOf(model))
        {
            var source = landed.Source.UniqueId;
            var count = FileSelection.Count(states, model, landed);
            // the run that found them gone has warned; their rows stay, and there is nothing to build
            var isSaid =
                landed.Source.Files is { OnVanish: OnVanishedFile.Warn }
                && _versions.AreUnmoved(Only(state, source), [source]);
            counts += isSaid ? count with { Gone = 0 } : count;
        }
        return counts;
    }

    private string NameOf(string id) =>
        _manifest.Nodes.GetValueOrDefault(id) switch
        {
            SourceNode source => $"{source.SourceName}.{source.Name}",
            { } node => node.Name,
            null => graph.FindTransfer(id)?.Producer.Name ?? id,
        };
}
