using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Quarantine;

/// <summary>Rows that fail an expectation of severity quarantine: where they go, and how they come back.</summary>
public abstract class QuarantineRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private const string Open =
        "select id, v, _quarantine_reasons, _quarantine_batch from main.orders__quarantine "
        + "where _quarantine_status = 'open' order by 1, 2";

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

    private async Task LoadAsync(string values, string shape = "id int, v int")
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync($"create table raw.batch ({shape})", connection);
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }

    private Support.ManifestBuilder Project(
        Materialization materialized = Materialization.Table,
        Func<ModelConfig, ModelConfig>? config = null,
        TestConfig? test = null,
        string expression = "v >= 0",
        string sql = "select * from {batch}"
    ) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model("orders", sql, materialized, config, connection)
            .Expect("orders", "expect", null, Severe(test), ("expression", expression, null))
            .Expect("orders", "not_null", "id", Severe(null));

    private static TestConfig Severe(TestConfig? test) =>
        (test ?? new TestConfig()) with
        {
            Severity = TestSeverity.Quarantine,
        };

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    private Task<RunResult> ReplayAsync(
        Support.ManifestBuilder project,
        Corrections? corrections = null,
        bool isDryRun = false,
        bool fullRefresh = false
    ) =>
        _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Selected =
                    [
                        .. request.Selected.Where(id => !id.StartsWith("source.", StringComparison.Ordinal)),
                    ],
                    FullRefresh = fullRefresh,
                    Replay = new ReplayRequest("model.shop.orders")
                    {
                        Corrections = corrections,
                        IsDryRun = isDryRun,
                    },
                }
        );

    private Task<string[]> QueryAsync(string sql) => _bench.QueryAsync(sql, connection);

    private Task<string[]> OrdersAsync() => QueryAsync("select id, v from main.orders order by 1, 2");

    private async Task<string> IdOfAsync(string where) =>
        (
            await QueryAsync($"select _quarantine_id from main.orders__quarantine where {where}")
        ).ShouldHaveSingleItem();

    [Fact]
    public async Task Table_RowsThatFail_GoToTheQuarantineWithAllTheirReasons()
    {
        await LoadAsync("(1, 10), (2, -5), (null, -7), (3, null)");
        var result = (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await OrdersAsync()).ShouldBe(["1|10", "3|null"]);
        (await QueryAsync(Open)).ShouldBe(
            ["""2|-5|["expect_orders_"]|1""", """null|-7|["expect_orders_","not_null_orders_id"]|1"""],
            ignoreOrder: true
        );
        var node = result.Node("orders");
        node.Outcome.ShouldBe(Outcome.Warned);
        node.Rows!.In.ShouldBe(4);
        node.Rows.Out.ShouldBe(2);
        node.Rows.Quarantined.ShouldBe(2);
        node.Tests.Single(t => t.Test.TestName == "expect").Failures.ShouldBe(2);
        Workbench.Text(result).ShouldContain("ST6032");
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Table_NothingFails_ThereIsNoQuarantine()
    {
        await LoadAsync("(1, 10)");
        var node = (await _bench.BuildAsync(Project())).ShouldSucceed().Node("orders");

        node.Outcome.ShouldBe(Outcome.Succeeded);
        node.Rows!.Quarantined.ShouldBe(0);
        (
            await QueryAsync(
                "select 1 from information_schema.tables where table_name = 'orders__quarantine'"
            )
        ).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("> 1", null, Outcome.Failed)]
    [InlineData("> 50%", null, Outcome.Warned)]
    [InlineData("> 10%", null, Outcome.Failed)]
    [InlineData("!= 0", 0.9, Outcome.Failed)]
    [InlineData("!= 0", 0.5, Outcome.Warned)]
    public async Task TooManyRowsFail_NothingIsPublished(string errorIf, double? mostly, Outcome outcome)
    {
        await LoadAsync("(1, 1)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await LoadAsync("(1, 1), (2, 2), (3, -3), (4, -4), (5, 5)");
        var project = Project(test: new TestConfig { ErrorIf = errorIf, Mostly = mostly });
        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("orders").ShouldBe(outcome);
        (await OrdersAsync()).Length.ShouldBe(outcome == Outcome.Failed ? 1 : 3);
        result.Node("orders").Tests.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Table_BuiltAgain_KeepsWhatStillFailsAndForgetsWhatDoesNot()
    {
        await LoadAsync("(1, -1), (2, -2), (2, -2)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        var first = await IdOfAsync("id = 1");
        await LoadAsync("(1, -1), (3, -3)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await QueryAsync(Open)).ShouldBe(["""1|-1|["expect_orders_"]|2""", """3|-3|["expect_orders_"]|2"""]);
        (await IdOfAsync("id = 1")).ShouldBe(first);
    }

    [Fact]
    public async Task Table_CorrectedRows_StayCorrectedWhenItIsBuiltAgain()
    {
        await LoadAsync("(1, 1), (2, -2), (3, -3)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        var replayed = await ReplayAsync(Project(), Corrected.Of(["v"], (id, ["2"])));

        replayed.ShouldSucceed().Node("orders").Rows!.Quarantined.ShouldBe(1);
        (await OrdersAsync()).ShouldBe(["1|1", "2|2"]);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1", "2|2"]);
        (
            await QueryAsync(
                "select _quarantine_status, v, _quarantine_original from main.orders__quarantine order by 2"
            )
        ).ShouldBe(["""open|-3|{"id":3,"v":-3}""", """replayed|2|{"id":2,"v":-2}"""]);
    }

    [Fact]
    public async Task Table_TheRuleLetsItPassByNow_WhatWasCorrectedOrDroppedStaysSo()
    {
        await LoadAsync("(1, 1), (2, -2), (3, -3), (4, -4)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        (await ReplayAsync(Project(), Corrected.Of(["v"], (id, ["2"])))).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set _quarantine_status = 'dropped' where id = 3",
            connection
        );

        var node = (await _bench.BuildAsync(Project(expression: "v >= -9"))).ShouldSucceed().Node("orders");

        (await OrdersAsync()).ShouldBe(["1|1", "2|2", "4|-4"]);
        node.Rows!.Quarantined.ShouldBe(1);
        (
            await QueryAsync("select id, v, _quarantine_status from main.orders__quarantine order by 1")
        ).ShouldBe(["2|2|replayed", "3|-3|dropped"]);
    }

    [Fact]
    public async Task Table_AColumnIsRetyped_CorrectedRowsKeepTheirValues()
    {
        await LoadAsync("(1, 1), (2, -2)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        (await ReplayAsync(Project(), Corrected.Of(["v"], (id, ["2"])))).ShouldSucceed();

        (
            await _bench.BuildAsync(Project(sql: "select id, cast(v as bigint) as v from {batch}"))
        ).ShouldSucceed();

        (await OrdersAsync()).ShouldBe(["1|1", "2|2"]);
    }

    [Fact]
    public async Task Table_AColumnIsAddedOrLeftOut_RowsOfAKeyAreKnownAgain()
    {
        await LoadAsync("(1, 1), (2, -2), (3, -3), (4, -4), (4, -5)");
        (await _bench.BuildAsync(Project(config: Keyed))).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        (await ReplayAsync(Project(config: Keyed), Corrected.Of(["v"], (id, ["2"])))).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set _quarantine_status = 'dropped' where v < -2",
            connection
        );

        var wide = Project(config: Keyed, sql: "select id, v, id * 10 as w from {batch}");
        var result = (await _bench.BuildAsync(wide)).ShouldSucceed();

        result.Node("orders").Tests.SelectMany(test => test.Diagnostics).ShouldBeEmpty();
        (await QueryAsync("select id, v, w from main.orders order by 1")).ShouldBe(["1|1|10", "2|2|20"]);
        var narrow = Project(config: Keyed, sql: "select v, id from {batch}");
        (await _bench.BuildAsync(narrow)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1", "2|2"]);
        // another row of the key is none that was corrected
        await LoadAsync("(1, 1), (2, -20)");
        (await _bench.BuildAsync(wide)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1"]);
    }

    [Fact]
    public async Task Merge_ANewRowThatIsLikeADroppedOne_IsAnotherOne()
    {
        await LoadAsync("(1, 1), (2, -2)");
        (await _bench.BuildAsync(Project(Materialization.Incremental, Keyed))).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set _quarantine_status = 'dropped'",
            connection
        );
        await LoadAsync("(2, -2)");

        (
            await _bench.BuildAsync(Project(Materialization.Incremental, Keyed, expression: "v >= -9"))
        ).ShouldSucceed();

        (await OrdersAsync()).ShouldBe(["1|1", "2|-2"]);
    }

    [Fact]
    public async Task Table_ValuesEditedInTheQuarantine_SurviveABuildAndAreReplayed()
    {
        await LoadAsync("(1, 1), (2, -2)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync("update main.orders__quarantine set v = 22", connection);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1"]);
        (await ReplayAsync(Project())).ShouldSucceed();

        (await OrdersAsync()).ShouldBe(["1|1", "2|22"]);
    }

    [Fact]
    public async Task Append_RowsComeBackOnce_AndWhatFailsAgainStays()
    {
        var project = Project(Materialization.Incremental);
        await LoadAsync("(1, 1), (2, -2), (2, -2)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(2, -2), (3, 3)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await QueryAsync(Open)).Length.ShouldBe(3);

        await _bench.ExecuteAsync(
            "update main.orders__quarantine set v = 2 where _quarantine_batch = 1",
            connection
        );
        var node = (await ReplayAsync(project)).ShouldSucceed().Node("orders");

        node.Rows!.In.ShouldBe(3);
        node.Rows.Inserted.ShouldBe(2);
        node.Rows.Quarantined.ShouldBe(1);
        (await OrdersAsync()).ShouldBe(["1|1", "2|2", "2|2", "3|3"]);
        var again = (await ReplayAsync(project)).ShouldSucceed().Node("orders");
        again.Rows!.Inserted.ShouldBe(0);
        (await OrdersAsync()).Length.ShouldBe(4);
        // what is replayed takes no input in: the batch that has landed meanwhile is still to come
        (await QueryAsync(Open)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Append_RowsOfNoFile_AreOtherRowsInEachBatch()
    {
        const string shape = "id int, v int, _source_file text, _source_row bigint";
        var project = Project(Materialization.Incremental);
        await LoadAsync("(7, -1, null, null), (1, -1, 'a.csv', 1), (2, 1, 'a.csv', 2)", shape);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(8, -2, null, null), (7, -1, null, null), (3, 3, null, null)", shape);
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await QueryAsync("select id, v from main.orders__quarantine order by 1, 2")).ShouldBe([
            "1|-1",
            "7|-1",
            "7|-1",
            "8|-2",
        ]);
        (await QueryAsync("select count(distinct _quarantine_id) from main.orders__quarantine")).ShouldBe([
            "4",
        ]);
        (await OrdersAsync()).ShouldBe(["2|1", "3|3"]);
    }

    [Fact]
    public async Task Replay_ARuleHasChanged_RowsAreJudgedAnew()
    {
        await LoadAsync("(1, 1), (2, -2), (3, -30)");
        (await _bench.BuildAsync(Project(Materialization.Incremental, Keyed))).ShouldSucceed();
        var loose = Project(Materialization.Incremental, Keyed, expression: "v >= -9");
        (await ReplayAsync(loose)).ShouldSucceed();

        (await OrdersAsync()).ShouldBe(["1|1", "2|-2"]);
        (await QueryAsync(Open)).ShouldHaveSingleItem().ShouldStartWith("3|-30");
    }

    [Fact]
    public async Task Replay_ReferenceDataHasArrived_RowsEnter()
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("create table raw.customers (id int)", connection);
        await _bench.ExecuteAsync("insert into raw.customers values (1)", connection);
        var project = _bench
            .Project()
            .Source("batch", connection: connection)
            .Source("customers", connection: connection)
            .Model("orders", "select * from {batch}", Materialization.Incremental, Keyed, connection)
            .Expect(
                "orders",
                "relationships",
                "v",
                Severe(null),
                ("to", null, "customers"),
                ("field", "id", null)
            );
        await LoadAsync("(1, 1), (2, 2), (3, null)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1", "3|null"]);

        await _bench.ExecuteAsync("insert into raw.customers values (2)", connection);
        (await ReplayAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1", "2|2", "3|null"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RowsThatReferToEachOther_FindWhatIsPublishedAndTheirBatch(bool merges)
    {
        var project = SelfReferring(Materialization.Incremental, merges ? Keyed : null);
        await LoadAsync("(1, null), (2, 1)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|null", "2|1"]);

        await LoadAsync("(3, 1), (4, 2), (5, 99), (6, 4), (7, 98)");
        var second = (await _bench.BuildAsync(project)).ShouldSucceed().Node("orders");
        (await OrdersAsync()).ShouldBe(["1|null", "2|1", "3|1", "4|2", "6|4"]);
        (second.Rows!.In, second.Rows.Quarantined).ShouldBe((5, 2));

        // one refers to what has come since, one to a row that is corrected with it
        await LoadAsync("(99, 3), (8, 97)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set id = 98, v = 1 where id = 8",
            connection
        );
        (await ReplayAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(
            ["1|null", "2|1", "3|1", "4|2", "5|99", "6|4", "7|98", "98|1", "99|3"],
            ignoreOrder: true
        );
        (await QueryAsync(Open)).ShouldBeEmpty();
    }

    [Fact]
    public async Task RowsThatReferToEachOther_BuiltFromNothing_FindTheirTableAlone()
    {
        var project = SelfReferring(Materialization.Table, null);
        await LoadAsync("(1, null), (2, 1), (3, 2), (5, 99)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|null", "2|1", "3|2"]);

        await _bench.ExecuteAsync("update main.orders__quarantine set v = 2", connection);
        (await ReplayAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|null", "2|1", "3|2", "5|2"]);

        // what is published says nothing of a table that is built anew
        await LoadAsync("(1, null), (3, 2), (5, 99)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|null"]);
    }

    private Support.ManifestBuilder SelfReferring(
        Materialization materialized,
        Func<ModelConfig, ModelConfig>? config
    ) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model("orders", "select * from {batch}", materialized, config, connection)
            .Expect(
                "orders",
                "relationships",
                "v",
                Severe(null),
                ("to", null, "orders"),
                ("field", "id", null)
            );

    [Fact]
    public async Task Merge_ALaterRowOfTheKeyWasPublished_TheReplayedOneGivesWay()
    {
        var project = Project(Materialization.Incremental, Keyed);
        await LoadAsync("(1, -1), (2, -2)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(1, 11)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("update main.orders__quarantine set v = -v", connection);
        var node = (await ReplayAsync(project)).ShouldSucceed().Node("orders");

        (await OrdersAsync()).ShouldBe(["1|11", "2|2"]);
        node.Rows!.MergedAway.ShouldBe(1);
        (await QueryAsync("select id, _quarantine_status from main.orders__quarantine order by 1")).ShouldBe([
            "1|superseded",
            "2|replayed",
        ]);
    }

    [Theory]
    [InlineData("int")]
    [InlineData("text")]
    [InlineData("timestamp")]
    [InlineData("numeric(9, 2)")]
    public async Task Merge_AKeyIsCorrected_WhatIsPublishedUnderItStays(string type)
    {
        var shape = $"id {type}, v int";
        string Id(int id) => type == "timestamp" ? $"'2026-11-0{id} 10:00'" : $"'{id}'";
        var project = Project(Materialization.Incremental, Keyed);
        await LoadAsync($"(null, 1), (null, 2), ({Id(5)}, -3), ({Id(6)}, -4)", shape);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        // of the key that one of them should have had, and of the one that another should not
        await LoadAsync($"({Id(1)}, 11), ({Id(5)}, 55), ({Id(6)}, 66)", shape);
        (await _bench.BuildAsync(project)).ShouldSucceed();

        foreach (
            var sql in new[]
            {
                $"update main.orders__quarantine set id = {Id(1)} where v = 1",
                $"update main.orders__quarantine set id = {Id(2)} where v = 2",
                $"update main.orders__quarantine set id = {Id(3)}, v = 3 where v = -3",
                "update main.orders__quarantine set v = 4 where v = -4",
            }
        )
            await _bench.ExecuteAsync(sql, connection);
        (await ReplayAsync(project)).ShouldSucceed();

        (await QueryAsync("select v from main.orders order by id")).ShouldBe(["11", "2", "3", "55", "66"]);
        (
            await QueryAsync(
                "select v from main.orders__quarantine where _quarantine_status = 'superseded' order by v"
            )
        ).ShouldBe(["1", "4"]);
    }

    [Fact]
    public async Task DryRun_ChangesNothing()
    {
        var project = Project(Materialization.Incremental, Keyed);
        await LoadAsync("(1, 1), (2, -2), (3, -3)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        var corrections = Corrected.Of(["v"], (id, ["2"]));
        var node = (await ReplayAsync(project, corrections, isDryRun: true)).ShouldSucceed().Node("orders");

        node.Rows!.In.ShouldBe(2);
        node.Rows.Quarantined.ShouldBe(1);
        (await OrdersAsync()).ShouldBe(["1|1"]);
        (await QueryAsync(Open)).Length.ShouldBe(2);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeleteInsert_IsNotReplayedByItself_ButBuiltWithItsRows()
    {
        var project = Project(
            Materialization.Incremental,
            c => Keyed(c) with { IncrementalStrategy = IncrementalStrategy.DeleteInsert }
        );
        await LoadAsync("(1, 1), (1, -2)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("update main.orders__quarantine set v = 2", connection);

        var refused = await ReplayAsync(project);
        refused.OutcomeOf("orders").ShouldBe(Outcome.Failed);
        Workbench.Text(refused).ShouldContain("ST7070");
        (await ReplayAsync(project, fullRefresh: true)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1", "1|2"]);
    }

    [Fact]
    public async Task DroppedRows_StayDropped()
    {
        await LoadAsync("(1, 1), (2, -2)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set _quarantine_status = 'dropped'",
            connection
        );
        await LoadAsync("(1, 1), (2, -2), (3, 3)");
        var node = (await _bench.BuildAsync(Project())).ShouldSucceed().Node("orders");

        node.Outcome.ShouldBe(Outcome.Succeeded);
        node.Rows!.Quarantined.ShouldBe(1);
        (await QueryAsync(Open)).ShouldBeEmpty();
        (await QueryAsync("select count(*) from main.orders__quarantine")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task SeveralRowsOfOnePlace_AreKnownAgain_WhicheverOfThemFail()
    {
        const string shape = "id int, v int, _source_file text, _source_row bigint";
        const string items =
            "(1, -1, 'a.csv', 7), (2, 2, 'a.csv', 7), (3, -3, 'a.csv', 7), (4, -4, 'a.csv', 7), (4, -4, 'a.csv', 7), (5, 5, 'a.csv', 7)";
        await LoadAsync(items, shape);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set _quarantine_status = 'dropped' where id = 3",
            connection
        );
        await _bench.ExecuteAsync("update main.orders__quarantine set v = 10 where id = 1", connection);
        (await ReplayAsync(Project())).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|10", "2|2", "5|5"]);
        var known = await QueryAsync("select _quarantine_id from main.orders__quarantine order by 1");
        known.Distinct().Count().ShouldBe(4);

        // two that passed fail today, one that failed does not come any more
        await LoadAsync(
            "(2, 2, 'a.csv', 7), (5, 5, 'a.csv', 7), (4, -4, 'a.csv', 7), (1, -1, 'a.csv', 7), (3, -3, 'a.csv', 7), (4, -4, 'a.csv', 7)",
            shape
        );
        var again = (await _bench.BuildAsync(Project(expression: "v >= 0 and v <> 2"))).ShouldSucceed();

        (await OrdersAsync()).ShouldBe(["1|10", "5|5"]);
        (
            await QueryAsync("select id, v, _quarantine_status from main.orders__quarantine order by 1, 2, 3")
        ).ShouldBe(["1|10|replayed", "2|2|open", "3|-3|dropped", "4|-4|open", "4|-4|open"]);
        again.Node("orders").Rows!.Quarantined.ShouldBe(4);
        (
            await QueryAsync("select _quarantine_id from main.orders__quarantine where id <> 2 order by 1")
        ).ShouldBe(known);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherRowOfThePlace_Fails_WhatIsKnownOfTheFirstStays()
    {
        const string shape = "id int, v int, _source_file text, _source_row bigint";
        var project = Project(Materialization.Incremental, Keyed);
        await LoadAsync("(1, -1, 'a.csv', 7)", shape);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set _quarantine_status = 'dropped'",
            connection
        );
        await LoadAsync("(2, -2, 'a.csv', 7)", shape);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(1, -1, 'a.csv', 7), (2, -2, 'a.csv', 7)", shape);

        (await _bench.BuildAsync(project, request => request with { FullRefresh = true })).ShouldSucceed();

        (await QueryAsync("select id, _quarantine_status from main.orders__quarantine order by 1")).ShouldBe([
            "1|dropped",
            "2|open",
        ]);
    }

    [Fact]
    public async Task ColumnsChange_TheQuarantineFollows()
    {
        var project = Project(
            Materialization.Incremental,
            c => Keyed(c) with { OnSchemaChange = OnSchemaChange.SyncAllColumns }
        );
        await LoadAsync("(1, 1), (2, -2)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(3, -3, 'x')", "id int, v bigint, note text");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await QueryAsync("select id, v, note from main.orders__quarantine order by 1")).ShouldBe([
            "2|-2|null",
            "3|-3|x",
        ]);

        await _bench.ExecuteAsync("update main.orders__quarantine set v = -v", connection);
        (await ReplayAsync(project)).ShouldSucceed();
        (await QueryAsync("select id, v, note from main.orders order by 1")).ShouldBe([
            "1|1|null",
            "2|2|null",
            "3|3|x",
        ]);
    }

    [Theory]
    [InlineData("publish.before_commit", false)]
    [InlineData("publish.after_commit", true)]
    public async Task Replay_DiesOnTheWay_AllOrNothing(string failpoint, bool isPublished)
    {
        var project = Project(Materialization.Incremental);
        await LoadAsync("(1, 1), (2, -2)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("update main.orders__quarantine set v = 2", connection);
        await _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Replay = new ReplayRequest("model.shop.orders"),
                    Failpoints = Strata.Runner.Execution.Failpoints.Parse($"{failpoint}:error"),
                }
        );

        (await OrdersAsync()).Length.ShouldBe(isPublished ? 2 : 1);
        (await QueryAsync(Open)).Length.ShouldBe(isPublished ? 0 : 1);
        (await ReplayAsync(project)).ShouldSucceed();
        (await OrdersAsync()).ShouldBe(["1|1", "2|2"]);
    }

    [Fact]
    public async Task Seed_RowsThatFail_AreDiverted()
    {
        var project = _bench
            .Project()
            .Seed("orders", "id,v\n1,1\n2,-2\n", connection)
            .Expect("orders", "expect", null, Severe(null), ("expression", "v >= 0", null));
        var node = (await _bench.BuildAsync(project)).ShouldSucceed().Node("orders");

        node.Rows!.Out.ShouldBe(1);
        node.Rows.Quarantined.ShouldBe(1);
        (await OrdersAsync()).ShouldBe(["1|1"]);
    }

    [Fact]
    public async Task SelectedWithoutItsTests_AModelDivertsAllTheSame()
    {
        await LoadAsync("(1, 1), (2, -2)");
        await _bench.BuildAsync(Project(), request => request with { Selected = ["model.shop.orders"] });

        (await OrdersAsync()).ShouldBe(["1|1"]);
    }
}

public sealed class DuckDbQuarantineRunTests() : QuarantineRunTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresQuarantineRunTests(PostgresDatabase database)
    : QuarantineRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
