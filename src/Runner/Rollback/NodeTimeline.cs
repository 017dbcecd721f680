using System.Collections.Immutable;
using Strata.Runner.Runs;
using Strata.Runner.State;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>
/// One node's past on one connection: which publish it showed at any time, and the way back there. Rollbacks are
/// part of that past; what they undid is gone.
/// </summary>
internal sealed class NodeTimeline
{
    private readonly ImmutableArray<(long Place, LedgerEvent Event)> _events;
    private readonly ImmutableDictionary<long, KeptVersion> _kept;
    private readonly IReadOnlyDictionary<string, RunRecord> _runs;
    private readonly NodeState? _now;
    private readonly string _node;

    /// <param name="runs">The runs of the connection by id.</param>
    public NodeTimeline(
        string node,
        IEnumerable<LedgerEvent> events,
        IEnumerable<KeptVersion> kept,
        NodeState? now,
        IReadOnlyDictionary<string, RunRecord> runs
    )
    {
        _node = node;
        _runs = runs;
        _now = now;
        _events =
        [
            .. events
                .Select(one => (Place: runs[one.RunId].Seq, Event: one))
                .OrderBy(one => one.Place)
                .ThenBy(one => one.Event.BatchId),
        ];
        _kept = kept.ToImmutableDictionary(version => version.BatchId);
    }

    /// <summary>The way back to the end of the run at a place; null when the node stands there already.</summary>
    /// <param name="problem">Why there is no way back.</param>
    public NodeRollback? GoBack(long place, out string? problem)
    {
        problem = null;
        if (_events.IsEmpty || _events[^1].Place <= place)
            return null;
        var batch = _now?.BatchId ?? 0;
        // what was dropped on purpose stays dropped
        if (_now is null && _events[^1].Event.Action == LedgerEvent.Drop)
            return null;
        var then = At(place);
        if (then is { } lost && (lost.BatchId > batch || !IsCurrent(lost)))
        {
            problem = $"a later rollback has undone its version of run {lost.RunId}";
            return null;
        }
        var steps = ImmutableArray.CreateBuilder<KeptVersion>();
        for (; batch > (then?.BatchId ?? 0); batch--)
        {
            if (!_kept.TryGetValue(batch, out var version))
            {
                problem = "its version of that time is no longer kept";
                return null;
            }
            steps.Add(version);
        }
        return steps.Count == 0 ? null : new NodeRollback(_node, steps.ToImmutable(), _now);
    }

    /// <summary>Whether all publishes behind a place that are not undone are kept.</summary>
    public bool IsKnownSince(long place)
    {
        GoBack(place, out var problem);
        return problem is null;
    }

    /// <summary>The publish whose rows the node showed at the end of the run at a place; null when it was not there.</summary>
    private LedgerEvent? At(long place)
    {
        var last = _events.LastOrDefault(one => one.Place <= place).Event;
        return last?.Action switch
        {
            null or LedgerEvent.Drop => null,
            LedgerEvent.Rollback => At(_runs[last.RunId].ToSeq ?? long.MinValue),
            _ => last,
        };
    }

    /// <summary>Batches are counted on from where a rollback led, so the last publish of a number is the one that counts.</summary>
    private bool IsCurrent(LedgerEvent publish) =>
        _events
            .Last(one =>
                one.Event.BatchId == publish.BatchId
                && one.Event.Action is not (LedgerEvent.Rollback or LedgerEvent.Drop)
            )
            .Event == publish;
}
