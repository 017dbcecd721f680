using Strata.Compiler.Manifest;
using Strata.Runner.State;

namespace Strata.Runner.Planning;

/// <summary>
/// What is due because a new period has begun, whatever has changed: models by their <c>rebuild_every</c>, and with them the copies of views that they
/// read. A view is asked when it is read; on another engine, when it is copied.
/// </summary>
internal sealed class OverdueNodes(RunRequest request, EngineStates states, PlanGraph graph)
{
    private Dictionary<string, string>? _copies;

    /// <returns>Why; null where it is not due.</returns>
    public string? ReasonOf(ModelNode model, NodeState? state)
    {
        if (
            state is null
            || model.Config is not { RebuildEvery: { } every, Materialized: not Materialization.View }
        )
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
        return isDue ? $"rebuild_every: {every.ToString().ToLowerInvariant()}" : null;
    }

    /// <returns>Why; null where no model that is due reads it.</returns>
    public string? ReasonOf(Transfer transfer) => (_copies ??= Copies()).GetValueOrDefault(transfer.Id);

    private Dictionary<string, string> Copies()
    {
        var copies = new Dictionary<string, string>();
        foreach (var model in graph.Relations.OfType<ModelNode>())
        {
            if (ReasonOf(model, states.StateOf(model.UniqueId)) is { } reason)
                AddReadBy(model, reason, copies, []);
        }
        return copies;
    }

    private void AddReadBy(
        RelationNode reader,
        string reason,
        Dictionary<string, string> copies,
        HashSet<string> seen
    )
    {
        foreach (var input in graph.InputsOf(reader).Where(seen.Add))
        {
            var transfer = graph.FindTransfer(input);
            var read = transfer?.Producer ?? request.Manifest.Find<RelationNode>(input);
            if (read is not ModelNode { Config.Materialized: Materialization.View })
                continue;
            if (transfer is not null)
                copies.TryAdd(input, reason);
            AddReadBy(read, reason, copies, seen);
        }
    }
}
