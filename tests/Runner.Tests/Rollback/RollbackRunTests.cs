using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State.Tables;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Rollback;

/// <summary>
/// Going back on one engine: rows, definitions and state are what they were, and the next build ends as if nothing
/// had ever been rolled back.
/// </summary>
public abstract partial class RollbackRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private static readonly string[] Batches =
    [
        "(1, 'a', 1.5), (2, 'b', null), (2, 'b', null), (null, 'n', 0), (null, 'n', 0)",
        "(2, 'B', 2.5), (3, 'c', 1), (3, 'c', 1), (null, 'N', 0)",
        "(1, 'a', 1.5), (4, 'd, e', 1), (4, 'd', 1), (null, null, null)",
    ];

    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
        {
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_feed, _strata_kept, _strata_cdc cascade",
                "pg"
            );
        }
        await _bench.DisposeAsync();
    }

    private async Task LoadAsync(string values, string shape = "id int, v text, x numeric(9, 2)")
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync($"create table raw.batch ({shape})", connection);
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }

    private async Task<string> BuildAsync(
        Support.ManifestBuilder project,
        Func<RunRequest, RunRequest>? change = null
    ) => (await _bench.BuildAsync(project, change)).ShouldSucceed().Plan.RunId;

    private async Task<string> DumpAsync(params string[] tables)
    {
        var parts = new List<string>();
        foreach (var table in tables)
        {
            var rows = await _bench.QueryAsync($"select * from main.{table}", connection);
            parts.Add($"{table}: {string.Join(" ; ", rows.Order(StringComparer.Ordinal))}");
        }
        return string.Join("\n", parts);
    }

    private Support.ManifestBuilder One(
        Materialization materialized,
        Func<ModelConfig, ModelConfig>? config = null
    ) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model("m", "select id, v, x from {batch}", materialized, config, connection);

    /// <summary>A model that adds, and one that adds what was added there.</summary>
    private Support.ManifestBuilder Followed() =>
        One(Materialization.Incremental)
            .Model("log", "select id, v from {changes m}", Materialization.Incremental, null, connection);

    private async Task<string> FollowAsync(string batch)
    {
        await LoadAsync(batch);
        return await BuildAsync(Followed());
    }

    public static TheoryData<string> Strategies() =>
        [
            "table",
            "keyed table",
            "append",
            "merge",
            "partial merge",
            "sequenced merge",
            "delete+insert",
            "insert_overwrite",
        ];

    private Support.ManifestBuilder Project(string strategy) =>
        strategy switch
        {
            "table" => One(Materialization.Table),
            "keyed table" => _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m",
                    "select id, v, max(x) as x, count(*) as n from {batch} group by id, v",
                    Materialization.Table,
                    c => c with { UniqueKey = ["id", "v"] },
                    connection
                ),
            "append" => One(Materialization.Incremental),
            "merge" => _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m",
                    "select distinct id, v, x from {batch}",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id", "v"] },
                    connection
                ),
            "partial merge" => _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m",
                    "select id, max(v) as v, max(x) as x from {batch} group by id",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id"], MergeUpdateColumns = ["x"] },
                    connection
                ),
            "sequenced merge" => One(
                Materialization.Incremental,
                c => c with { UniqueKey = ["id"], SequenceBy = "x" }
            ),
            "delete+insert" => One(
                Materialization.Incremental,
                c => c with { UniqueKey = ["id"], IncrementalStrategy = IncrementalStrategy.DeleteInsert }
            ),
            _ => One(
                Materialization.Incremental,
                c =>
                    c with
                    {
                        PartitionBy = ["id"],
                        IncrementalStrategy = IncrementalStrategy.InsertOverwrite,
                    }
            ),
        };

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task EveryStrategy_GoesBackStepByStep_AndForwardAgain(string strategy)
    {
        var project = Project(strategy);
        var runs = new List<string>();
        var dumps = new List<string>();
        foreach (var batch in Batches)
        {
            await LoadAsync(batch);
            runs.Add(await BuildAsync(project));
            dumps.Add(await DumpAsync("m"));
        }

        (await _bench.RollbackAsync(project, runs[1])).ShouldBeBack();
        (await DumpAsync("m")).ShouldBe(dumps[1]);
        await LoadAsync(Batches[2]);
        await BuildAsync(project);
        (await DumpAsync("m")).ShouldBe(dumps[2]);

        (await _bench.RollbackAsync(project, runs[0])).ShouldBeBack();
        (await DumpAsync("m")).ShouldBe(dumps[0]);
        foreach (var (batch, dump) in Batches.Zip(dumps).Skip(1))
        {
            await LoadAsync(batch);
            await BuildAsync(project);
            (await DumpAsync("m")).ShouldBe(dump);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AMerge_IntoATableThatOthersHaveGivenEqualKeys_GoesBackToJustTheseRows(bool isPartial)
    {
        var project = _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "m",
                "select id, max(v) as v, max(x) as x from {batch} group by id",
                Materialization.Incremental,
                c => c with { UniqueKey = ["id"], MergeUpdateColumns = isPartial ? ["x"] : [] },
                connection
            );
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        // one that the next batch changes, and two that are what it says already
        await _bench.ExecuteAsync(
            "insert into main.m values (2, 'b', null), (2, 'b', 2.50), (2, 'B', 2.50)",
            connection
        );
        var dump = await DumpAsync("m");
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        (await DumpAsync("m")).ShouldNotBe(dump);

        (await _bench.RollbackAsync(project, first)).ShouldBeBack();

        (await DumpAsync("m")).ShouldBe(dump);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("merge")]
    [InlineData("delete+insert")]
    public async Task ATableThatOthersHaveWrittenTo_IsLeftAsItIs(string strategy)
    {
        var project = Project(strategy);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        await _bench.ExecuteAsync("delete from main.m where id = 3", connection);
        var dump = await DumpAsync("m");

        var refused = (await _bench.RollbackAsync(project, first)).Diagnostics.Single();

        refused.Code.ShouldBe("ST7064");
        refused.Details[0].ShouldContain("rows that were published into main.m since then are not there");
        (await DumpAsync("m")).ShouldBe(dump);
    }

    [Fact]
    public async Task AColumnThatTheModelDoesNotFill_HasItsDefaultAndGoesBack()
    {
        var project = _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "m",
                "select id, max(v) as v, max(x) as x from {batch} group by id",
                Materialization.Incremental,
                c => c with { UniqueKey = ["id"], OnSchemaChange = OnSchemaChange.AppendNewColumns },
                connection
            );
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        await _bench.ExecuteAsync("alter table main.m add column note text default 'none'", connection);
        await _bench.ExecuteAsync("update main.m set note = 'seen' where id = 2", connection);
        var dump = await DumpAsync("m");
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        var rows = await _bench.QueryAsync(
            "select note from main.m where id in (2, 3) order by id",
            connection
        );
        rows.ShouldBe(["seen", "none"]);

        (await _bench.RollbackAsync(project, first)).ShouldBeBack();

        (await DumpAsync("m")).ShouldBe(dump);
    }

    private static readonly string[] Events =
    [
        "(1, 3, 'u', 'a3', null), (2, 1, 'u', 'b1', 'x'), (null, 1, 'u', 'n1', null), (3, 5, 'd', null, null)",
        "(1, 1, 'u', 'a1', 'late'), (2, 2, 'd', null, null), (null, 2, 'u', null, 'n2'), (4, 1, 'u', 'd1', null)",
        "(2, 3, 'u', 'b3', null), (3, 4, 'u', 'dead', null), (null, 3, 'd', null, null), (1, 4, 'u', null, 'a4')",
    ];

    private const string EventShape = "k int, seq bigint, op text, a text, b text";

    /// <summary>What a cdc model remembers, but for when it was seen.</summary>
    private async Task<string> RememberedAsync()
    {
        var tables = await _bench.QueryAsync(
            "select table_name from information_schema.tables where table_schema = '_strata_cdc'",
            connection
        );
        var rows = await _bench.QueryAsync(
            $"select k, seq, __strata_hash, __strata_deleted, __strata_horizon from _strata_cdc.{tables.Single()}",
            connection
        );
        return string.Join("\n", rows.Where(row => !row.Contains("horizon")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    [InlineData(1, false, true)]
    [InlineData(2, false, false)]
    public async Task ACdcModel_GoesBackWithItsEvents_AndForwardAgain(
        int scdType,
        bool ignoreNulls,
        bool forgets
    )
    {
        var project = _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "m",
                "select * from {batch}",
                Materialization.Cdc,
                c =>
                    c with
                    {
                        UniqueKey = ["k"],
                        Cdc = new CdcConfig
                        {
                            SequenceBy = ["seq"],
                            ApplyAsDeletes = "op = 'd'",
                            ExceptColumns = ["op"],
                            ScdType = scdType,
                            IgnoreNullUpdates = ignoreNulls,
                            TombstoneRetention = forgets ? TimeSpan.FromDays(1) : null,
                        },
                    },
                connection
            );
        var runs = new List<string>();
        var dumps = new List<string>();
        for (var i = 0; i < Events.Length; i++)
        {
            await ApplyAsync(i);
            dumps.Add(await DumpAsync("m") + await RememberedAsync());
        }

        (await _bench.RollbackAsync(project, runs[1])).ShouldBeBack();
        (await DumpAsync("m") + await RememberedAsync()).ShouldBe(dumps[1]);
        await ApplyAsync(2);
        (await DumpAsync("m") + await RememberedAsync()).ShouldBe(dumps[2]);

        (await _bench.RollbackAsync(project, runs[0])).ShouldBeBack();
        (await DumpAsync("m") + await RememberedAsync()).ShouldBe(dumps[0]);
        for (var i = 1; i < Events.Length; i++)
        {
            await ApplyAsync(i);
            (await DumpAsync("m") + await RememberedAsync()).ShouldBe(dumps[i]);
        }

        async Task ApplyAsync(int i)
        {
            await LoadAsync(Events[i], EventShape);
            var at = new DateTimeOffset(2026, 11, 1 + (2 * i), 0, 0, 0, TimeSpan.Zero);
            runs.Add(await BuildAsync(project, r => r with { StartedAt = at }));
        }
    }

    [Fact]
    public async Task ACdcModel_WhoseSettingsChanged_GetsItsOldStateBack_AndOneThatIsNewLeavesNone()
    {
        var first = Cdc(1);
        await LoadAsync(Batches[0]);
        var before = await BuildAsync(
            One(Materialization.Table)
                .Model("other", "select 1 as one", Materialization.Table, null, connection)
        );
        await LoadAsync(Events[0], EventShape);
        var run = await BuildAsync(first);
        var dump = await DumpAsync("m2") + await RememberedAsync();
        await BuildAsync(Cdc(2));

        (await _bench.RollbackAsync(first, run)).ShouldBeBack();
        (await DumpAsync("m2") + await RememberedAsync()).ShouldBe(dump);

        (await _bench.RollbackAsync(first, before)).ShouldBeBack();
        (
            await _bench.QueryAsync(
                "select table_name from information_schema.tables where table_schema = '_strata_cdc'",
                connection
            )
        ).ShouldBeEmpty();

        Support.ManifestBuilder Cdc(int scdType) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m2",
                    "select * from {batch}",
                    Materialization.Cdc,
                    c =>
                        c with
                        {
                            UniqueKey = ["k"],
                            Cdc = new CdcConfig { SequenceBy = ["seq"], ScdType = scdType },
                        },
                    connection
                );
    }

    [Fact]
    public async Task AMicrobatchModel_GoesBack_AndOwesThePeriodsAgain()
    {
        var project = _bench
            .Project()
            .Source("batch", connection: connection, eventTime: "ts")
            .Model(
                "m",
                "select id, ts, v from {batch}",
                Materialization.Incremental,
                c =>
                    c with
                    {
                        IncrementalStrategy = IncrementalStrategy.Microbatch,
                        EventTime = "ts",
                        BatchSize = BatchSize.Day,
                        Begin = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
                    },
                connection
            );
        await LoadAsync(
            "(1, '2026-11-01 10:00', 'a'), (2, '2026-11-02 10:00', 'b')",
            "id int, ts timestamp, v text"
        );
        var first = await BuildAsync(project, r => r with { StartedAt = At(2) });
        var (dump, batches) = (await DumpAsync("m"), await PeriodsAsync());
        await _bench.ExecuteAsync(
            "insert into raw.batch values (3, '2026-11-02 23:00', 'late'), (4, '2026-11-03 01:00', 'c'), (5, '2026-11-05 01:00', 'd')",
            connection
        );
        var second = await BuildAsync(project, r => r with { StartedAt = At(5) });
        var (then, thenBatches) = (await DumpAsync("m"), await PeriodsAsync());
        await _bench.ExecuteAsync("insert into raw.batch values (6, '2026-11-06 01:00', 'e')", connection);
        await BuildAsync(project, r => r with { StartedAt = At(6) });
        var end = (await DumpAsync("m"), await PeriodsAsync());

        (await _bench.RollbackAsync(project, second)).ShouldBeBack();
        (await DumpAsync("m"), await PeriodsAsync()).ShouldBe((then, thenBatches));
        (await _bench.RollbackAsync(project, first)).ShouldBeBack();
        (await DumpAsync("m"), await PeriodsAsync()).ShouldBe((dump, batches));

        await BuildAsync(project, r => r with { StartedAt = At(6) });
        (await DumpAsync("m")).ShouldBe(end.Item1);
        (await PeriodsAsync()).Split('\n').Length.ShouldBe(end.Item2.Split('\n').Length);

        DateTimeOffset At(int day) => new(2026, 11, day, 12, 0, 0, TimeSpan.Zero);

        async Task<string> PeriodsAsync() =>
            string.Join(
                "\n",
                (
                    await _bench.QueryAsync(
                        "select batch_start, status, known_until, run_id from _strata.batches",
                        connection
                    )
                ).Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public async Task AWholeProject_GoesBackBehindItsFirstBuildOfANode_AndTheNodeIsGone()
    {
        var project = One(Materialization.Table);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        var grown = One(Materialization.Table)
            .Model("more", "select count(*) as n from {m}", Materialization.Table, null, connection)
            .Model("shown", "select n from {more}", Materialization.View, null, connection);
        await BuildAsync(grown);

        (await _bench.RollbackAsync(grown, first)).ShouldBeBack();

        (
            await _bench.QueryAsync(
                "select table_name from information_schema.tables where table_schema = 'main' "
                    + "and table_name not like '%strata%'",
                connection
            )
        ).ShouldBe(["m"]);
        await BuildAsync(grown);
        (await DumpAsync("shown")).ShouldBe("shown: 5");
    }

    [Fact]
    public async Task AStateOfAnEarlierVersion_GoesBack_AndIsBroughtUpToDateWithIt()
    {
        var project = One(Materialization.Table);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        var dump = await DumpAsync("m");
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        await _bench.DowngradeStateAsync(connection, 3);

        (await _bench.RollbackAsync(project, first)).ShouldBeBack();

        (await DumpAsync("m")).ShouldBe(dump);
        (await _bench.QueryAsync("select version from _strata.version", connection)).ShouldBe([
            $"{StateTables.Version}",
        ]);
        (await _bench.QueryAsync("select count(*) from _strata.kept_parts", connection)).ShouldBe(["0"]);
    }

    [Fact]
    public async Task ReadersOfChanges_GoBackWithTheirPositions_AndReadEachChangeOnce()
    {
        Support.ManifestBuilder Chain() =>
            One(Materialization.Incremental)
                .Model(
                    "log",
                    "select id, v, _change as change from {changes m}",
                    Materialization.Incremental,
                    null,
                    connection
                );
        await LoadAsync(Batches[0]);
        await BuildAsync(Chain());
        await LoadAsync(Batches[1]);
        var second = await BuildAsync(Chain());
        await LoadAsync(Batches[2]);
        await BuildAsync(Chain());
        var expected = await DumpAsync("m", "log");

        (await _bench.RollbackAsync(Chain(), second)).ShouldBeBack();
        await LoadAsync(Batches[2]);
        var result = (await _bench.BuildAsync(Chain())).ShouldSucceed();

        (await DumpAsync("m", "log")).ShouldBe(expected);
        result.Node("log").Node.Action.ShouldBe(PlannedAction.Incremental);
    }

    [Fact]
    public async Task AReaderThatWasBehind_GoesBack_AndReadsEachChangeOnce()
    {
        await FollowAsync("(1, 'a', 1)");
        await LoadAsync("(2, 'b', 1)");
        var behind = await BuildAsync(Followed(), request => request with { Selected = ["model.shop.m"] });
        foreach (var batch in new[] { "(3, 'c', 1)", "(4, 'd', 1)", "(5, 'e', 1)" })
        {
            await FollowAsync(batch);
        }

        (await _bench.RollbackAsync(Followed(), behind)).ShouldBeBack();
        await LoadAsync("(6, 'f', 1)");
        var result = (await _bench.BuildAsync(Followed())).ShouldSucceed();

        (await DumpAsync("log")).ShouldBe("log: 1|a ; 2|b ; 6|f");
        result.Node("log").Node.ReadsAgain.ShouldBeNull();
    }

    [Fact]
    public async Task ARollbackAfterARollback_KeepsReadersWhereTheyStood()
    {
        var runs = new List<string>();
        foreach (var batch in new[] { "(1, 'a', 1)", "(2, 'b', 1)", "(3, 'c', 1)", "(4, 'd', 1)" })
        {
            runs.Add(await FollowAsync(batch));
        }

        (await _bench.RollbackAsync(Followed(), runs[2])).ShouldBeBack();
        (await _bench.RollbackAsync(Followed(), runs[1])).ShouldBeBack();
        (await _bench.RollbackAsync(Followed(), runs[0])).ShouldBeBack();
        await LoadAsync("(5, 'e', 1)");
        var result = (await _bench.BuildAsync(Followed())).ShouldSucceed();

        (await DumpAsync("log")).ShouldBe("log: 1|a ; 5|e");
        result.Node("log").Node.ReadsAgain.ShouldBeNull();
    }

    [Fact]
    public async Task AReaderThatWasBehind_GoesBackAcrossAnotherRollback_AndReadsEachChangeOnce()
    {
        await FollowAsync("(1, 'a', 1)");
        await LoadAsync("(2, 'b', 1)");
        var behind = await BuildAsync(Followed(), request => request with { Selected = ["model.shop.m"] });
        var third = await FollowAsync("(3, 'c', 1)");
        await FollowAsync("(4, 'd', 1)");

        (await _bench.RollbackAsync(Followed(), third)).ShouldBeBack();
        await FollowAsync("(5, 'e', 1)");
        (await DumpAsync("log")).ShouldBe("log: 1|a ; 2|b ; 3|c ; 5|e");
        (await _bench.RollbackAsync(Followed(), behind)).ShouldBeBack();
        await LoadAsync("(6, 'f', 1)");
        var result = (await _bench.BuildAsync(Followed())).ShouldSucceed();

        (await DumpAsync("log")).ShouldBe("log: 1|a ; 2|b ; 6|f");
        result.Node("log").Node.ReadsAgain.ShouldBeNull();
    }

    [Fact]
    public async Task AFullRefresh_GoesBack_AndReadersGoOnFromWhereTheyStood()
    {
        await FollowAsync("(1, 'a', 1)");
        var second = await FollowAsync("(2, 'b', 1)");
        await LoadAsync("(3, 'c', 1)");
        await BuildAsync(Followed(), request => request with { FullRefresh = true });
        await FollowAsync("(4, 'd', 1)");
        (await DumpAsync("log")).ShouldBe("log: 3|c ; 4|d");

        (await _bench.RollbackAsync(Followed(), second)).ShouldBeBack();
        await LoadAsync("(5, 'e', 1)");
        var result = (await _bench.BuildAsync(Followed())).ShouldSucceed();

        (await DumpAsync("log")).ShouldBe("log: 1|a ; 2|b ; 5|e");
        result.Node("log").Node.ReadsAgain.ShouldBeNull();
        (await DumpAsync("m")).ShouldBe("m: 1|a|1.00 ; 2|b|1.00 ; 5|e|1.00");
    }

    [Fact]
    public async Task AStageOfARunThatDied_DoesNotHoldARollbackBack()
    {
        var project = One(
            Materialization.Incremental,
            c => c with { OnSchemaChange = OnSchemaChange.SyncAllColumns }
        );
        await LoadAsync("(1, 'a', 1)");
        var first = await BuildAsync(project);
        await LoadAsync("(2, 'b', 2)", "id int, v text, x numeric(12, 2)");
        await BuildAsync(project);
        const string stage = "\"strata_20261101t084716_af8c__main\"";
        await _bench.ExecuteAsync($"create schema {stage}", connection);
        await _bench.ExecuteAsync($"create view {stage}.m as select * from main.m", connection);

        (await _bench.RollbackAsync(project, first)).ShouldBeBack();

        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AProducerAlone_GoesBack_AndItsReaderStartsOver()
    {
        var first = await FollowAsync(Batches[0]);
        await FollowAsync(Batches[1]);

        (await _bench.RollbackAsync(Followed(), first, "model.shop.m")).ShouldBeBack();
        await FollowAsync("(9, 'z', 1)");

        (await DumpAsync("log")).ShouldBe("log: 1|a ; 2|b ; 2|b ; 9|z ; null|n ; null|n");
    }

    [Fact]
    public async Task RowsInQuarantine_GoBackWithTheirNode()
    {
        var project = One(Materialization.Table)
            .Expect(
                "m",
                "expect",
                null,
                new TestConfig { Severity = TestSeverity.Quarantine },
                ("expression", "id is not null", null)
            );
        const string rows = "select v, x, _quarantine_status from main.m__quarantine order by 1, 2, 3";
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        var before = await _bench.QueryAsync(rows, connection);
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        var after = await _bench.QueryAsync(rows, connection);

        (await _bench.RollbackAsync(project, first)).ShouldBeBack();
        (await _bench.QueryAsync(rows, connection)).ShouldBe(before);
        await BuildAsync(project);

        (await _bench.QueryAsync(rows, connection)).ShouldBe(after);
        after.ShouldNotBe(before);
    }

    [Fact]
    public async Task RunsThatWereUndone_AndRunsThatAreNotKept_AreOutOfReach()
    {
        var project = Project("append");
        var runs = new List<string>();
        foreach (var batch in Batches.Concat(Batches))
        {
            await LoadAsync(batch);
            runs.Add(await BuildAsync(project));
        }

        var expired = await _bench.RollbackAsync(project, runs[0]);
        (await _bench.RollbackAsync(project, runs[3])).ShouldBeBack();
        var undone = await _bench.RollbackAsync(project, runs[4]);

        expired.Diagnostics.Single().Code.ShouldBe("ST7061");
        expired
            .Diagnostics.Single()
            .Details.ShouldBe([$"'m' on '{connection}': its version of that time is no longer kept"]);
        undone
            .Diagnostics.Single()
            .Details.ShouldBe([
                $"'m' on '{connection}': a later rollback has undone its version of run {runs[4]}",
            ]);
        (await _bench.RollbackAsync(project, "2029")).Diagnostics.Single().Code.ShouldBe("ST7060");
        (await _bench.RollbackAsync(project, "2")).Diagnostics.Single().Code.ShouldBe("ST7063");
    }

    [Fact]
    public async Task RunsThatChangeNoRow_TakeNoPlaceOfThoseThatDo()
    {
        var project = Project("merge");
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        var rows = await _bench.QueryAsync("select * from main.m", connection);
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        for (var idle = 0; idle < 5; idle++)
            await BuildAsync(project);

        (await _bench.RollbackAsync(project, first)).ShouldBeBack();

        (await _bench.QueryAsync("select * from main.m", connection)).ShouldBe(rows, ignoreOrder: true);
    }

    [Fact]
    public async Task WithoutRetention_NothingIsKept()
    {
        var project = Project("table");
        foreach (var batch in Batches.Take(2))
        {
            await LoadAsync(batch);
            await BuildAsync(
                project,
                r => r with { Manifest = r.Manifest with { Retention = new RetentionConfig(0, 7) } }
            );
        }
        (await _bench.QueryAsync("select count(*) from _strata.kept", connection)).ShouldBe(["0"]);
        (
            await _bench.QueryAsync(
                "select count(*) from information_schema.tables where table_name like '%strata_kept%' "
                    + "or table_schema = '_strata_kept'",
                connection
            )
        ).ShouldBe(["0"]);
    }
}
