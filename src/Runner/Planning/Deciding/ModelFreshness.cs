using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.History;
using Strata.Runner.Microbatches;
using Strata.Runner.State;

namespace Strata.Runner.Planning.Deciding;

/// <summary>Whether and how a model must be built, by how it is materialized.</summary>
internal sealed class ModelFreshness(
    RunRequest request,
    EngineStates states,
    OverdueNodes overdue,
    MovedInputs moved,
    RebuildReasons rebuilds
)
{
    private readonly FileRefusals _refusals = new(request, states);

    public Decision Of(ModelNode model, ImmutableArray<string> inputs)
    {
        var state = states.StateOf(model.UniqueId);
        var relation = states.Find(model.Connection, model.Relation);
        if (model.Config.Materialized == Materialization.Snapshot)
            return DecideSnapshot(model, relation, state, inputs);
        var rebuild = rebuilds.Of(model, relation, state, inputs);
        if (model.Config.Materialized is not (Materialization.Incremental or Materialization.Cdc))
        {
            var changed =
                state is not null && state.Fingerprint != model.Fingerprint ? "definition changed" : null;
            return _refusals.OrVanished(
                model,
                relation,
                moved.Choose(
                    model.Config.Materialized == Materialization.View
                        ? PlannedAction.View
                        : PlannedAction.Full,
                    rebuild ?? changed ?? overdue.ReasonOf(model, state),
                    state,
                    inputs
                )
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
            var batches = _refusals.OrChanged(
                model,
                relation,
                DecideMicrobatch(model, microbatch, inputs, state, rebuild)
            );
            // whether rows of some periods are of files that are gone is known when they are built
            return _refusals.OrVanished(
                model,
                relation,
                request.EventTime is null ? _refusals.OrGone(model, relation, batches) : batches
            );
        }
        if (rebuild is not null || state is null)
            return _refusals.OrGone(
                model,
                relation,
                new Decision(PlannedAction.Full, rebuild ?? "first build")
            );
        if (HasNoEvents(model, state))
            return _refusals.OrGone(model, relation, DecideStartOver(model, state, inputs));
        var counts = NewFiles(model, state);
        var files = counts.Describe();
        var own =
            state.Fingerprint == model.Fingerprint ? files
            : files is null ? "definition changed, old rows stay"
            : $"definition changed, old rows stay; {files}";
        var goesOn = moved.Choose(
            PlannedAction.Incremental,
            own ?? overdue.ReasonOf(model, state),
            state,
            inputs
        ) with
        {
            OldRows = OldRows(model, state, inputs),
            IsRefused = counts.Refused > 0,
        };
        return _refusals.OrVanished(model, relation, goesOn);
    }

    private long? OldRows(ModelNode model, NodeState state, ImmutableArray<string> inputs) =>
        state.Fingerprint == model.Fingerprint || ReadsEverything(model, inputs) ? null : state.Rows;

    /// <summary>Whether each batch is made of all that there is, so that no row stays which another definition has made and that this one would make, too.</summary>
    private bool ReadsEverything(ModelNode model, ImmutableArray<string> inputs) =>
        model.Config is { Microbatch: null, UniqueKey.IsEmpty: false }
        && (model.Incremental is null || model.Incremental.Text == model.Full.Text)
        && model.Full.Reads.All(read => read.Kind != ReferenceKind.Changes)
        && !inputs.Any(states.Landed.ContainsKey);

    private Decision DecideStartOver(ModelNode model, NodeState state, ImmutableArray<string> inputs)
    {
        var anew =
            state.Fingerprint == model.Fingerprint
                ? NewFiles(model, state).Describe()
                : "definition changed, everything is read again";
        if (model.Config.FullRefresh != false)
            return moved.Choose(PlannedAction.Full, anew, state, inputs) with
            {
                ReadsAgain = CdcState.SetOtherwise,
            };
        var decision = moved.Choose(PlannedAction.Incremental, anew, state, inputs);
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
        var decision = moved.Choose(
            PlannedAction.Incremental,
            changed ?? overdue.ReasonOf(model, state),
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
        return moved.Choose(
            PlannedAction.Incremental,
            changed ?? overdue.ReasonOf(snapshot, state),
            state,
            inputs
        );
    }

    private FileCounts NewFiles(ModelNode model, NodeState state)
    {
        var counts = default(FileCounts);
        foreach (var landed in _refusals.ZonesOf(model))
        {
            var source = landed.Source.UniqueId;
            var count = FileSelection.Count(states, model, landed);
            // the run that found them gone has warned; their rows stay, and there is nothing to build
            var isSaid =
                landed.Source.Files is { OnVanish: OnVanishedFile.Warn } && moved.IsUnmoved(source, state);
            counts += isSaid ? count with { Gone = 0 } : count;
        }
        return counts;
    }
}
