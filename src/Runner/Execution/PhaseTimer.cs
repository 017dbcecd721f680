using System.Collections.Immutable;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Runner.Execution;

/// <summary>Announces and times the phases that a node goes through.</summary>
internal sealed class PhaseTimer(RunContext context, PlannedNode node)
{
    private readonly List<(string Phase, TimeSpan Duration)> _timings = [];

    public ImmutableArray<(string Phase, TimeSpan Duration)> Timings => [.. _timings];

    /// <summary>The test results so far, kept here because they outlive a failure.</summary>
    public ImmutableArray<TestResult> Tests { get; set; } = [];

    public async Task<T> RunAsync<T>(string phase, Func<Task<T>> work)
    {
        context.Events.Raise(new NodeStarted(context.Now, node, phase));
        var started = context.Clock.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            _timings.Add((phase, context.Clock.GetElapsedTime(started)));
        }
    }
}
