using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.State.Tests;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Memory;

namespace Strata.Runner.Execution.Auditing;

/// <summary>Fetches what tests need to know of earlier runs, before they are planned. A run's own observations are never part of it.</summary>
internal sealed class TestMemories(RunContext context)
{
    private readonly ConcurrentDictionary<string, CheckMemory> _memories = new();

    /// <summary>By unique id, of the tests that were asked for so far.</summary>
    public IReadOnlyDictionary<string, CheckMemory> Known => _memories;

    public async Task ReadAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        CancellationToken cancellationToken
    )
    {
        var wanted = tests
            .Where(test => test.Query is null && test.TestName is { } name && Remembers(name))
            .Select(test => test.UniqueId)
            .Where(id => !_memories.ContainsKey(id))
            .ToList();
        if (wanted.Count == 0)
            return;
        var startsOver = context.Request.UpdatesBaselines;
        var baselines = await TestBaselines.ReadAsync(lease.Session, on.Dialect, wanted, cancellationToken);
        var history = await TestHistory.ReadAsync(
            lease.Session,
            on.Dialect,
            wanted,
            Math.Max(1, context.Manifest.TestResults.Keep),
            cancellationToken,
            allPassed: true
        );
        foreach (var id in wanted)
        {
            _memories[id] = new CheckMemory
            {
                StartsOver = startsOver,
                Baseline = startsOver ? null : baselines.GetValueOrDefault(id),
                History =
                [
                    .. history
                        .Of(id)
                        .Where(one => one.Status == "pass" && one.RunId != context.Plan.RunId)
                        .Where(one => one.ObservedNumber is not null)
                        .Select(one => new PastMeasure(one.TestedAt, one.ObservedNumber ?? 0)),
                ],
            };
        }
    }

    private static bool Remembers(string name) => ExpectationCatalog.Instance.Find(name)?.Remembers == true;
}
