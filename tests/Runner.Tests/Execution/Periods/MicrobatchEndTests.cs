using Strata.Compiler.Manifest.Models;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>A microbatch model that does not get to its last batch tells of those that it has published.</summary>
public sealed class MicrobatchEndTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public async Task InitializeAsync()
    {
        await _bench.ExecuteAsync("create schema raw");
        await _bench.ExecuteAsync("create table raw.events (id int, ts timestamp, v text)");
        await _bench.ExecuteAsync(
            "insert into raw.events values (1, '2026-11-18 10:00', '1'), (2, '2026-11-19 10:00', '2'), "
                + "(3, '2026-11-20 10:00', 'x'), (4, '2026-11-21 00:00', '4')"
        );
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Daily(string v = "v") =>
        _bench
            .Project()
            .Source("events", eventTime: "ts")
            .Model(
                "daily",
                $"select id, ts, {v} as v from {{events}}",
                Materialization.Incremental,
                c =>
                    c with
                    {
                        IncrementalStrategy = IncrementalStrategy.Microbatch,
                        EventTime = "ts",
                        BatchSize = BatchSize.Day,
                        Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    }
            );

    private static string Batches(NodeResult node) =>
        string.Join(
            " ",
            node.Batches.Select(batch => $"{batch.Period}:{(batch.IsPublished ? batch.Rows : "failed")}")
        );

    [Fact]
    public async Task CancelledBetweenBatches_TellsWhatIsPublished()
    {
        using var stop = new CancellationTokenSource();
        var published = 0;
        _bench.Observe = happened =>
        {
            if (happened is NodeStarted { Phase: "publish" } && ++published == 3)
                stop.Cancel();
        };

        var result = await _bench.RunAsync(Daily(), RunCommand.Build, null, stop.Token);

        var node = result.Node("daily");
        node.Outcome.ShouldBe(Outcome.Cancelled);
        Batches(node).ShouldBe("2026-11-18:1 2026-11-19:1");
        node.Rows?.In.ShouldBe(2);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task FailureThatCannotBeRemembered_StopsTheModel_AndTellsWhatIsPublished()
    {
        var result = await _bench.BuildAsync(
            Daily("cast(v as int)"),
            request => request with { Failpoints = Failpoints.Parse("tests.before_commit:error") }
        );

        var node = result.Node("daily");
        node.Outcome.ShouldBe(Outcome.PartialSuccess);
        Batches(node).ShouldBe("2026-11-18:1 2026-11-19:1 2026-11-20:failed");
        node.Rows?.In.ShouldBe(2);
        var said = Workbench.Text(result);
        said.ShouldContain("Could not convert");
        said.ShouldContain("tests.before_commit");
    }
}
