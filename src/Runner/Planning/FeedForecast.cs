using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Feeds;
using Strata.Runner.Files;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning.Deciding;

namespace Strata.Runner.Planning;

/// <summary>
/// Predicts which readers of changes will not find all that has changed since they last read, and so read everything again. Says
/// only what is certain once the plan is made.
/// </summary>
internal sealed class FeedForecast(
    RunRequest request,
    EngineStates states,
    PlanGraph graph,
    Freshness freshness,
    Func<Transfer, string> writerOf
)
{
    /// <param name="decision">What was decided for the model.</param>
    public Decision Of(ModelNode model, Decision decision)
    {
        if (model.Config.Microbatch is { } microbatch)
            return OfPeriods(model, microbatch, decision);
        if (
            decision.Action != PlannedAction.Incremental
            || request.Replay?.NodeId == model.UniqueId
            || Upstreams(model)
                .Select(upstream =>
                    (Name: upstream.Name, Why: WhyUnserved(model, upstream.Id, upstream.Name))
                )
                .FirstOrDefault(one => one.Why is not null)
                is not { Why: { } why }
        )
            return decision;
        if (model.Config.FullRefresh == false)
            return decision with { Reason = $"{why}; full_refresh: false (ST7018)", IsRefused = true };
        return decision with
        {
            Action = PlannedAction.Full,
            Reason = decision.OnlyIfInputsChange ? $"{decision.Reason}; {why}" : why,
            ReadsAgain = why,
            OldRows = null,
        };
    }

    /// <summary>The inputs of a microbatch model into which this run brings rows: it builds the periods that these are found in, too.</summary>
    public ImmutableArray<string> Arriving(ModelNode model, Decision decision) =>
        GetsArrivals(model, decision)
            ?
            [
                .. Followed(model)
                    .Where(input => freshness.Find(input.Id) is { Works: true })
                    .Where(input => !StartsOver(model.Connection, input.Id))
                    .Select(input => input.Name),
            ]
            : [];

    /// <summary>The landed sources of a microbatch model whose files, by path, size and time, give or lose rows of any period.</summary>
    public IEnumerable<SourceNode> Replaced(ModelNode model, Decision decision) =>
        GetsArrivals(model, decision)
            ? DividedInputs
                .Of(request.Manifest, model)
                .OfType<SourceNode>()
                .Where(source =>
                    source.Files is { TakesRowsAway: true } files
                    && source.Connection == model.Connection
                    && states.Landed.GetValueOrDefault(source.UniqueId) is { } landed
                    && FileSelection.Count(states, model, landed) is var count
                    && (
                        files.OnChange == OnChangedFile.Replace && count.Changed + count.Touched > 0
                        || files.OnVanish == OnVanishedFile.Delete && count.Gone > 0
                    )
                )
            : [];

    private Decision OfPeriods(ModelNode model, MicrobatchConfig config, Decision decision)
    {
        if (
            !GetsArrivals(model, decision)
            || model.Config.FullRefresh == false
            || Followed(model).FirstOrDefault(input => StartsOver(model.Connection, input.Id)).Name
                is not { } upstream
        )
            return decision;
        var why = $"'{upstream}' is rebuilt";
        return decision with
        {
            Reason = why,
            OnlyIfInputsChange = false,
            Batches =
            [
                .. BatchSelection
                    .All(config, request.StartedAt)
                    .Select(batch => new PlannedBatch(batch.Period, why)),
            ],
        };
    }

    private bool GetsArrivals(ModelNode model, Decision decision) =>
        decision is { Action: PlannedAction.Incremental, Works: true }
        && request.EventTime is null
        && request.Replay?.NodeId != model.UniqueId;

    private IEnumerable<(string Id, string Name)> Followed(ModelNode model) =>
        DividedInputs.Followed(request.Manifest, model).Select(node => (ReadAs(node, model), node.Name));

    private IEnumerable<(string Id, string Name)> Upstreams(ModelNode model) =>
        FeedTopology
            .ChangesReadBy(model)
            .Select(id => request.Manifest.Find<RelationNode>(id))
            .OfType<RelationNode>()
            .Select(node => (ReadAs(node, model), node.Name));

    private string ReadAs(RelationNode node, ModelNode model) =>
        node.Connection == model.Connection
            ? node.UniqueId
            : Transfer.IdOf(request.Manifest.ProjectName, node, model.Connection);

    private string? WhyUnserved(ModelNode model, string upstream, string name)
    {
        var engine = states.Engines.GetValueOrDefault(model.Connection);
        var position = engine?.Consumed.GetValueOrDefault((model.UniqueId, upstream));
        if (position is null)
            return $"it has not read '{name}' before";
        var feed = engine?.Feeds.GetValueOrDefault(upstream);
        if (feed?.Epoch != position.Epoch)
            return $"'{name}' was rebuilt, rolled back or lost columns";
        if (!feed.Serves(position))
            return $"changes of '{name}' are not all kept";
        return StartsOver(model.Connection, upstream) ? $"'{name}' is rebuilt" : null;
    }

    /// <summary>An engine that publishes whole tables by exchanging them begins a new feed; elsewhere what differs goes on with the old one.</summary>
    private bool StartsOver(string connection, string upstream)
    {
        if (request.Adapters[connection].Capabilities.RelationIdentityMatters)
            return false;
        if (freshness.Find(upstream) is not { Works: true, OnlyIfInputsChange: false } decision)
            return false;
        return graph.FindTransfer(upstream) is { } transfer
            ? writerOf(transfer) == Shipment.WholeWriter
            : decision.Action == PlannedAction.Full;
    }
}
