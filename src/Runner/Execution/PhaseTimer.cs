using System.Collections.Immutable;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Statements;

namespace Strata.Runner.Execution;

/// <summary>Announces and times the phases that a node goes through.</summary>
internal sealed class PhaseTimer(RunContext context, PlannedNode node)
{
    private readonly List<(string Phase, TimeSpan Duration)> _timings = [];
    private long _lap = context.Clock.GetTimestamp();

    /// <summary>Phases that were entered several times, for several batches, are added up.</summary>
    public ImmutableArray<(string Phase, TimeSpan Duration)> Timings
    {
        get
        {
            lock (_timings)
            {
                return
                [
                    .. _timings
                        .GroupBy(timing => timing.Phase)
                        .Select(some => (some.Key, new TimeSpan(some.Sum(timing => timing.Duration.Ticks)))),
                ];
            }
        }
    }

    /// <summary>The test results so far, kept here because they outlive a failure.</summary>
    public ImmutableArray<TestResult> Tests { get; set; } = [];

    /// <summary>How a node that is published in parts stands; null where no part has ended yet.</summary>
    public Func<NodeResult?> SoFar { get; set; } = () => null;

    /// <summary>The time since this was asked the last time, or since the node began.</summary>
    public TimeSpan Lap()
    {
        var now = context.Clock.GetTimestamp();
        var lap = context.Clock.GetElapsedTime(_lap, now);
        _lap = now;
        return lap;
    }

    public async Task<T> RunAsync<T>(string phase, Func<Task<T>> work)
    {
        context.Events.Raise(new NodeStarted(context.Now, node, phase));
        var started = context.Clock.GetTimestamp();
        using var scope = StatementScope.Enter(node.Id, phase);
        try
        {
            return await work();
        }
        finally
        {
            var took = context.Clock.GetElapsedTime(started);
            lock (_timings)
                _timings.Add((phase, took));
        }
    }
}
