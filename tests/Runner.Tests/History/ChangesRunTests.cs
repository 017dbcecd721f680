using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.History;

/// <summary><c>changes</c> on one engine: what a consumer has not read yet, however it ran in between.</summary>
public abstract class ChangesRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                "pg"
            );
        await _bench.DisposeAsync();
    }

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    private async Task LoadAsync(string values, string shape = "id int, v text")
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync($"create table raw.batch ({shape})", connection);
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }

    private Support.ManifestBuilder Project(
        Func<ModelConfig, ModelConfig> upstream,
        Func<ModelConfig, ModelConfig>? log = null,
        PublishMode publish = PublishMode.Model
    ) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "up",
                "select * from {batch}",
                Materialization.Incremental,
                c => upstream(c) with { Publish = publish },
                connection
            )
            .Model(
                "log",
                "select id, v, _change from {changes up}",
                Materialization.Incremental,
                c => (log?.Invoke(c) ?? c) with { Publish = publish },
                connection
            );

    private async Task<string[]> LogAsync() =>
        [
            .. (await _bench.QueryAsync("select id, v, _change from main.log", connection)).Order(
                StringComparer.Ordinal
            ),
        ];

    private Task<RunResult> BuildAsync(Support.ManifestBuilder project, params string[] only) =>
        _bench.BuildAsync(
            project,
            request =>
                only.Length == 0
                    ? request
                    : request with
                    {
                        Selected = [.. only.Select(n => $"model.shop.{n}")],
                    }
        );

    [Theory]
    [InlineData(PublishMode.Model)]
    [InlineData(PublishMode.Run)]
    public async Task Merge_GivesInsertsAndUpdates_NotWhatStays(PublishMode publish)
    {
        await LoadAsync("(1, 'a'), (2, 'b'), (null, 'n')");
        (await BuildAsync(Project(Keyed, publish: publish))).ShouldSucceed();
        await LoadAsync("(2, 'B'), (3, 'c'), (1, 'a'), (null, 'N')");
        var second = (await BuildAsync(Project(Keyed, publish: publish))).ShouldSucceed();

        second.Node("log").Rows!.Inserted.ShouldBe(3);
        (await LogAsync()).ShouldBe([
            "1|a|insert",
            "2|B|update",
            "2|b|insert",
            "3|c|insert",
            "null|N|update",
            "null|n|insert",
        ]);
    }

    [Fact]
    public async Task Append_GivesTheBatch()
    {
        await LoadAsync("(1, 'a')");
        (await BuildAsync(Project(c => c))).ShouldSucceed();
        await LoadAsync("(1, 'a'), (2, 'b')");
        (await BuildAsync(Project(c => c))).ShouldSucceed();

        (await LogAsync()).ShouldBe(["1|a|insert", "1|a|insert", "2|b|insert"]);
    }

    [Fact]
    public async Task DeleteInsert_GivesOldRowsAsDeletesAndNewOnesAsInserts()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = ["id"],
                IncrementalStrategy = IncrementalStrategy.DeleteInsert,
            };
        await LoadAsync("(1, 'a'), (1, 'b'), (2, 'c')");
        (await BuildAsync(Project(Config))).ShouldSucceed();
        await LoadAsync("(1, 'z')");
        (await BuildAsync(Project(Config))).ShouldSucceed();

        (await LogAsync()).ShouldBe([
            "1|a|delete",
            "1|a|insert",
            "1|b|delete",
            "1|b|insert",
            "1|z|insert",
            "2|c|insert",
        ]);
    }

    [Fact]
    public async Task InsertOverwrite_GivesWhatLeavesAndWhatComes()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                PartitionBy = ["id"],
                IncrementalStrategy = IncrementalStrategy.InsertOverwrite,
            };
        await LoadAsync("(1, 'a'), (2, 'b')");
        (await BuildAsync(Project(Config))).ShouldSucceed();
        await LoadAsync("(2, 'B'), (3, 'c')");
        (await BuildAsync(Project(Config))).ShouldSucceed();

        (await LogAsync()).ShouldBe(["1|a|insert", "2|B|insert", "2|b|delete", "2|b|insert", "3|c|insert"]);
    }

    [Fact]
    public async Task ConsumerThatMissedRuns_GetsAllThatItMissed_Once()
    {
        await LoadAsync("(1, 'a')");
        (await BuildAsync(Project(Keyed))).ShouldSucceed();
        foreach (var batch in new[] { "(2, 'b')", "(2, 'B'), (3, 'c')" })
        {
            await LoadAsync(batch);
            (await BuildAsync(Project(Keyed), "up")).ShouldSucceed();
        }
        (await BuildAsync(Project(Keyed), "log")).ShouldSucceed();
        var again = (await BuildAsync(Project(Keyed), "log")).ShouldSucceed();

        (await LogAsync()).ShouldBe(["1|a|insert", "2|B|update", "2|b|insert", "3|c|insert"]);
        again.OutcomeOf("log").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task RebuiltUpstream_MakesTheConsumerReadFromTheStart_AndSaysSo()
    {
        await LoadAsync("(1, 'a')");
        (await BuildAsync(Project(Keyed))).ShouldSucceed();
        await LoadAsync("(7, 'z')");
        (
            await _bench.BuildAsync(
                Project(Keyed),
                r => r with { FullRefresh = true, Selected = ["model.shop.up"] }
            )
        ).ShouldSucceed();

        var result = (await BuildAsync(Project(Keyed), "log")).ShouldSucceed();

        result.Node("log").Node.Action.ShouldBe(PlannedAction.Full);
        result.Node("log").Node.Reason.ShouldBe("'up' was rebuilt, rolled back or lost columns");
        (await LogAsync()).ShouldBe(["7|z|insert"]);
    }

    [Fact]
    public async Task RebuiltUpstream_AndAForbiddenRefresh_IsAnError()
    {
        static ModelConfig Log(ModelConfig c) => c with { FullRefresh = false };
        await LoadAsync("(1, 'a')");
        (await BuildAsync(Project(Keyed, Log))).ShouldSucceed();
        await LoadAsync("(7, 'z')");
        (
            await _bench.BuildAsync(
                Project(Keyed, Log),
                r => r with { FullRefresh = true, Selected = ["model.shop.up"] }
            )
        ).ShouldSucceed();

        var result = await BuildAsync(Project(Keyed, Log), "log");

        result.Node("log").Diagnostics.Single().Code.ShouldBe("ST7018");
    }

    [Fact]
    public async Task RetypedColumnUpstream_AReaderWithFail_KeepsItsRows()
    {
        Support.ManifestBuilder Project(string type) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "up",
                    $"select id, cast(v as {type}) as v from {{batch}}",
                    Materialization.Incremental,
                    c => Keyed(c) with { OnSchemaChange = OnSchemaChange.SyncAllColumns },
                    connection
                )
                .Model(
                    "log",
                    "select id, v, _change from {changes up}",
                    Materialization.Incremental,
                    c =>
                        c with
                        {
                            IncrementalStrategy = IncrementalStrategy.Append,
                            OnSchemaChange = OnSchemaChange.Fail,
                        },
                    connection
                );
        foreach (var value in new[] { "1", "2", "3" })
        {
            await LoadAsync($"(1, {value})", "id int, v int");
            (await BuildAsync(Project("decimal(6,2)"))).ShouldSucceed();
        }
        await LoadAsync("(1, 4)", "id int, v int");

        var result = await BuildAsync(Project("decimal(8,2)"));

        result.OutcomeOf("log").ShouldBe(Outcome.Failed);
        Workbench.Text(result).ShouldContain("ST7009");
        (await _bench.QueryAsync("select count(*) from main.log", connection)).ShouldBe(["3"]);
    }

    [Theory]
    [InlineData(PublishMode.Model)]
    [InlineData(PublishMode.Run)]
    public async Task NewColumnsUpstream_EnterTheFeedThatGoesOn(PublishMode publish)
    {
        Support.ManifestBuilder Project() =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "up",
                    "select * from {batch}",
                    Materialization.Incremental,
                    c => Keyed(Growing(c)),
                    connection
                )
                .Model("log", "select * from {changes up}", Materialization.Incremental, Growing, connection)
                .Model(
                    "late",
                    "select * from {changes up}",
                    Materialization.Incremental,
                    Growing,
                    connection
                );
        ModelConfig Growing(ModelConfig c) =>
            c with
            {
                OnSchemaChange = OnSchemaChange.AppendNewColumns,
                Publish = publish,
            };
        await LoadAsync("(1, 'a'), (2, 'b')");
        (await BuildAsync(Project())).ShouldSucceed();
        await LoadAsync("(2, 'B')");
        (await BuildAsync(Project(), "up", "log")).ShouldSucceed();
        // a column comes, and with it a change of a row that had none
        await LoadAsync("(1, 'a', 4), (3, 'c', 5)", "id int, v text, w int");
        var third = (await BuildAsync(Project(), "up", "log")).ShouldSucceed();
        await LoadAsync("(3, 'c', 6)", "id int, v text, w int");
        var fourth = (await BuildAsync(Project())).ShouldSucceed();

        third.Node("log").Node.Action.ShouldBe(PlannedAction.Incremental);
        // who has missed it reads batches of both shapes
        fourth.Node("late").Node.Action.ShouldBe(PlannedAction.Incremental);
        foreach (var log in new[] { "log", "late" })
        {
            var rows = await _bench.QueryAsync(
                $"select id, v, w, _change from main.{log} order by _change_batch, id",
                connection
            );
            rows.ShouldBe(
                [
                    "1|a|null|insert",
                    "2|b|null|insert",
                    "2|B|null|update",
                    "1|a|4|update",
                    "3|c|5|insert",
                    "3|c|6|update",
                ],
                log
            );
        }
    }

    [Fact]
    public async Task DroppedColumnUpstream_StartsTheFeedOver_AndBothSaySo()
    {
        static ModelConfig Synced(ModelConfig c) =>
            Keyed(c) with
            {
                OnSchemaChange = OnSchemaChange.SyncAllColumns,
            };
        await LoadAsync("(1, 'a', 9)", "id int, v text, w int");
        (await BuildAsync(Project(Synced))).ShouldSucceed();
        await LoadAsync("(1, 'A')");

        var second = (await BuildAsync(Project(Synced))).ShouldSucceed();

        var dropped = second.Node("up").Diagnostics.Single();
        dropped.Code.ShouldBe("ST7021");
        dropped.Message.ShouldContain("'w' (integer)", Case.Insensitive);
        second.Node("log").Node.ReadsAgain.ShouldBe("'up' was rebuilt, rolled back or lost columns");
        (await LogAsync()).ShouldBe(["1|A|insert"]);
    }

    [Fact]
    public async Task ColumnOfTheFeedsOwnName_IsRefusedWhereAModelReadsTheChanges()
    {
        await LoadAsync("(1, 'a')");
        Support.ManifestBuilder Chain() =>
            Project(Keyed)
                .Model(
                    "second",
                    "select id from {changes log}",
                    Materialization.Incremental,
                    connection: connection
                );

        var result = await BuildAsync(Chain());

        var taken = result.Node("log").Diagnostics.Single();
        taken.Code.ShouldBe("ST7022");
        taken.Message.ShouldBe(
            "'log' has a column '_change', a name that its change feed needs, which second reads"
        );
        (await BuildAsync(Project(Keyed))).ShouldSucceed();
    }

    [Fact]
    public async Task NewColumnOfAMicrobatchModel_StartsItsFeedOver()
    {
        Support.ManifestBuilder Days() =>
            _bench
                .Project()
                .Source("batch", connection: connection, eventTime: "d")
                .Model(
                    "days",
                    "select * from {batch}",
                    Materialization.Incremental,
                    c =>
                        c with
                        {
                            IncrementalStrategy = IncrementalStrategy.Microbatch,
                            OnSchemaChange = OnSchemaChange.AppendNewColumns,
                            EventTime = "d",
                            BatchSize = BatchSize.Day,
                            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                        },
                    connection
                )
                .Model(
                    "log",
                    "select id, _change from {changes days}",
                    Materialization.Incremental,
                    connection: connection
                );
        await LoadAsync("(1, date '2026-11-20')", "id int, d date");
        (await BuildAsync(Days())).ShouldSucceed();
        await LoadAsync("(1, date '2026-11-20', 'x', 7)", "id int, d date, print text, place bigint");
        var second = (await BuildAsync(Days())).ShouldSucceed();
        await LoadAsync("(1, date '2026-11-20', 'y', 8)", "id int, d date, print text, place bigint");
        (await BuildAsync(Days())).ShouldSucceed();

        second.Node("log").Node.ReadsAgain.ShouldNotBeNull();
        // names that the statements once used for themselves
        (await _bench.QueryAsync("select id, print, place from main.days", connection)).ShouldBe(["1|y|8"]);
    }

    [Fact]
    public async Task EverythingReadAgain_IsNamedWhereKeysNoLongerTellRowsApart()
    {
        static ModelConfig Last(ModelConfig c) => Keyed(c);
        await LoadAsync("(1, 'a')");
        (await BuildAsync(Project(c => c, Last))).ShouldSucceed();
        await LoadAsync("(1, 'b')");
        (await BuildAsync(Project(c => c, Last))).ShouldSucceed();
        await _bench.ExecuteAsync("delete from _strata.feeds", connection);
        await LoadAsync("(1, 'c')");

        var third = await BuildAsync(Project(c => c, Last));

        var twice = third.Node("log").Diagnostics.Single();
        twice.Code.ShouldBe("ST7007");
        twice.Details[^1].ShouldStartWith("it reads everything again: ");
    }

    [Fact]
    public async Task ConsumerAddedLater_StartsWithEverythingAndGoesOnFromThere()
    {
        Support.ManifestBuilder Alone() =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model("up", "select * from {batch}", Materialization.Incremental, Keyed, connection);
        await LoadAsync("(1, 'a')");
        (await BuildAsync(Alone())).ShouldSucceed();
        await LoadAsync("(2, 'b')");
        (await BuildAsync(Alone())).ShouldSucceed();
        await LoadAsync("(3, 'c')");
        (await BuildAsync(Project(Keyed))).ShouldSucceed();
        await LoadAsync("(3, 'C')");
        var last = (await BuildAsync(Project(Keyed))).ShouldSucceed();

        last.Node("log").Node.Action.ShouldBe(PlannedAction.Incremental);
        (await LogAsync()).ShouldBe(["1|a|insert", "2|b|insert", "3|C|update", "3|c|insert"]);
    }

    [Theory]
    [InlineData(0, "8")]
    // what a rollback may bring readers back to is needed
    [InlineData(3, "4,5,6,7,8")]
    public async Task Feed_IsTrimmedBehindTheLastConsumer(int retained, string batches)
    {
        for (var i = 1; i < 9; i++)
        {
            await LoadAsync($"({i}, 'x')");
            (
                await _bench.BuildAsync(
                    Project(Keyed),
                    r =>
                        r with
                        {
                            Manifest = r.Manifest with { Retention = new RetentionConfig(retained, 7) },
                        }
                )
            ).ShouldSucceed();
        }

        (
            await _bench.QueryAsync(
                "select distinct _change_batch from _strata_feed.main__up order by 1",
                connection
            )
        ).ShouldBe(batches.Split(','));
    }
}

public sealed class DuckDbChangesRunTests() : ChangesRunTests("duck", null);
