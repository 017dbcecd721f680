using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.State;

namespace Strata.Runner.Planning.Deciding;

/// <summary>
/// What is due because a new period has begun, whatever has changed: models by their <c>rebuild_every</c>, and what keeps the time of a run below them: copies
/// of views, and views whose text holds the start of the run. Any other view is asked when it is read.
/// </summary>
internal sealed class OverdueNodes(RunRequest request, PlanGraph graph)
{
    private Dictionary<string, RebuildPeriod>? _kept;

    /// <returns>Why; null where it is not due.</returns>
    public string? ReasonOf(ModelNode model, NodeState? state) =>
        model.Config.Materialized == Materialization.View
            ? ReasonOfKept(model.UniqueId, state)
            : ReasonOf(model.Config.RebuildEvery, state);

    /// <returns>Why; null where no reader needs it to be of a later period than it is.</returns>
    public string? ReasonOf(Transfer transfer, NodeState? state) => ReasonOfKept(transfer.Id, state);

    // by its own age: its readers may have been built since, without it
    private string? ReasonOfKept(string id, NodeState? state) =>
        (_kept ??= Kept()).TryGetValue(id, out var every) ? ReasonOf(every, state) : null;

    private string? ReasonOf(RebuildPeriod? every, NodeState? state)
    {
        if (every is null || state is null)
            return null;
        var built = RunId.TimeOf(state.RunId)?.UtcDateTime ?? DateTime.MinValue;
        var now = request.StartedAt.UtcDateTime;
        var isDue = every switch
        {
            RebuildPeriod.Run => true,
            RebuildPeriod.Hour => (built.Date, built.Hour) != (now.Date, now.Hour),
            RebuildPeriod.Day => built.Date != now.Date,
            RebuildPeriod.Month => (built.Year, built.Month) != (now.Year, now.Month),
            _ => false,
        };
        return isDue ? $"rebuild_every: {every.Value.ToString().ToLowerInvariant()}" : null;
    }

    /// <summary>What keeps the time of a run, with the shortest period of its readers and its own.</summary>
    private Dictionary<string, RebuildPeriod> Kept()
    {
        var kept = new Dictionary<string, RebuildPeriod>();
        foreach (var model in graph.Relations.OfType<ModelNode>())
        {
            if (model.Config.RebuildEvery is not { } every || every == RebuildPeriod.Change)
                continue;
            if (model.Config.Materialized == Materialization.View)
                AddView(model, every, kept);
            AddReadBy(model, every, kept, []);
        }
        return kept;
    }

    private void AddReadBy(
        RelationNode reader,
        RebuildPeriod every,
        Dictionary<string, RebuildPeriod> kept,
        HashSet<string> seen
    )
    {
        foreach (var input in graph.InputsOf(reader).Where(seen.Add))
        {
            var transfer = graph.FindTransfer(input);
            var read = transfer?.Producer ?? request.Manifest.Find<RelationNode>(input);
            if (read is not ModelNode { Config.Materialized: Materialization.View } view)
                continue;
            if (transfer is not null)
                Add(input, every, kept);
            AddView(view, every, kept);
            AddReadBy(view, every, kept, seen);
        }
    }

    private static void AddView(ModelNode view, RebuildPeriod every, Dictionary<string, RebuildPeriod> kept)
    {
        if (!view.Instants.IsEmpty)
            Add(view.UniqueId, every, kept);
    }

    // the shortest period comes first
    private static void Add(string id, RebuildPeriod every, Dictionary<string, RebuildPeriod> kept)
    {
        if (!kept.TryGetValue(id, out var other) || every < other)
            kept[id] = every;
    }
}
