using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Quarantine;

/// <summary>Rows with columns that are others in every run: which are known again, and which are never taken for another.</summary>
public abstract class QuarantineOfTheRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private const string Known = "select id, _quarantine_status from main.orders__quarantine order by 1";

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

    private async Task LoadAsync(string values, string shape)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync($"create table raw.batch ({shape})", connection);
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }

    private Support.ManifestBuilder Project(string sql, string expression, params string[] volatileColumns) =>
        Judged(
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model("orders", sql, connection: connection, volatileColumns: volatileColumns),
            expression
        );

    private static Support.ManifestBuilder Judged(Support.ManifestBuilder project, string expression) =>
        project.Expect(
            "orders",
            "expect",
            null,
            new TestConfig { Severity = TestSeverity.Quarantine },
            ("expression", expression, null)
        );

    private Task<RunResult> ReplayAsync(Support.ManifestBuilder project, Corrections? corrections = null) =>
        _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Selected =
                    [
                        .. request.Selected.Where(id =>
                            id == "model.shop.orders" || id.StartsWith("test.", StringComparison.Ordinal)
                        ),
                    ],
                    Replay = new ReplayRequest("model.shop.orders") { Corrections = corrections },
                }
        );

    private Task<RunResult> RefreshAsync(Support.ManifestBuilder project) =>
        _bench.BuildAsync(project, request => request with { FullRefresh = true });

    private Task<string[]> QueryAsync(string sql) => _bench.QueryAsync(sql, connection);

    private async Task<string> IdOfAsync(string where) =>
        (
            await QueryAsync($"select _quarantine_id from main.orders__quarantine where {where}")
        ).ShouldHaveSingleItem();

    private Task DropAsync(string where) =>
        _bench.ExecuteAsync(
            $"update main.orders__quarantine set _quarantine_status = 'dropped' where {where}",
            connection
        );

    [Theory]
    [InlineData("(1, 1, 'one'), (2, 7, 'two'), (3, 8, 'three')", "1|1|one ; 2|7|two ; 3|8|three")]
    [InlineData("(1, 1, 'one'), (2, null, 'two'), (3, 8, 'three')", "1|1|one ; 2|50|two ; 3|8|three")]
    [InlineData("(1, 1, 'one'), (2, -9, 'two'), (3, null, 'three')", "1|1|one")]
    public async Task ANullThatWasRejected_IsNotWhateverStandsThereLater(string mended, string published)
    {
        var project = Project(
            "select id, seq, v, 'a.csv' as _source_file, id as _source_row from {batch}",
            "seq is not null and seq > 0"
        );
        await LoadAsync("(1, 1, 'one'), (2, null, 'two'), (3, null, 'three')", "id int, seq int, v text");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        (await ReplayAsync(project, Corrected.Of(["seq"], (id, ["50"])))).ShouldSucceed();
        await DropAsync("id = 3");

        await LoadAsync(mended, "id int, seq int, v text");
        (await RefreshAsync(project)).ShouldSucceed();

        string.Join(" ; ", await QueryAsync("select id, seq, v from main.orders order by 1"))
            .ShouldBe(published);
    }

    /// <summary>A rule that rows meet once their time has come; whether it has is a matter of the clock.</summary>
    private Support.ManifestBuilder DueProject(bool isPlaced, bool hasCome) =>
        Project(
            $"select id, due, v, {(isPlaced ? "'a.csv' as _source_file, id as _source_row, " : "")}"
                + $"cast(now() as timestamp){(hasCome ? "" : " - interval '3 days'")} as loaded_at from {{batch}}",
            "due <= loaded_at"
        );

    private Task LoadDueAsync() =>
        LoadAsync(
            "(1, timestamp '2020-01-01 00:00:00', 1), (2, cast(now() as timestamp) - interval '2 days', 2), "
                + "(3, cast(now() as timestamp) - interval '2 days', 3)",
            "id int, due timestamp, v int"
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheRuleReadsTheClock_WhatPassesByNow_StaysCorrectedOrDropped(bool isPlaced)
    {
        await LoadDueAsync();
        var early = DueProject(isPlaced, hasCome: false);
        (await _bench.BuildAsync(early)).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        await DropAsync("id = 3");
        var corrections = Corrected.Of(["due", "v"], (id, ["2020-01-01 00:00:00", "22"]));
        (await ReplayAsync(early, corrections)).ShouldSucceed();
        (await QueryAsync("select id, v from main.orders order by 1")).ShouldBe(["1|1", "2|22"]);

        var late = DueProject(isPlaced, hasCome: true);
        var rows = (await RefreshAsync(late)).ShouldSucceed().Node("orders").Rows!;

        (rows.Quarantined, rows.Dropped, rows.Replayed).ShouldBe((1, 1, 1));
        (await QueryAsync("select id, v from main.orders order by 1")).ShouldBe(["1|1", "2|22"]);
        (await QueryAsync(Known)).ShouldBe(["2|replayed", "3|dropped"]);
        // what nobody has corrected is as the row comes now
        (await QueryAsync("select count(distinct loaded_at) from main.orders")).ShouldBe(["1"]);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replay_TheRowPassesByNow_ItsCorrectionIsUsed(bool isPlaced)
    {
        await LoadDueAsync();
        (await _bench.BuildAsync(DueProject(isPlaced, hasCome: false))).ShouldSucceed();
        var id = await IdOfAsync("id = 2");

        var late = DueProject(isPlaced, hasCome: true);
        var result = await ReplayAsync(late, Corrected.Of(["v"], (id, ["22"])));

        result.ShouldSucceed().Node("orders").Rows!.Replayed.ShouldBe(2);
        (await QueryAsync("select id, v from main.orders order by 1")).ShouldBe(["1|1", "2|22", "3|3"]);
        (await RefreshAsync(late)).ShouldSucceed();
        (await QueryAsync("select id, v from main.orders order by 1")).ShouldBe(["1|1", "2|22", "3|3"]);
        (await QueryAsync("select count(distinct loaded_at) from main.orders")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Replay_TheCorrectedRowDoesNotComeAgain_ItIsSaidAndTheCorrectionStays()
    {
        await LoadAsync("(1, 1), (2, -2), (3, -3)", "id int, v int");
        var project = Project("select * from {batch}", "v >= 0");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var id = await IdOfAsync("id = 2");
        await LoadAsync("(1, 1), (2, 5)", "id int, v int");

        var result = await ReplayAsync(project, Corrected.Of(["v"], (id, ["2"])));

        var node = result.ShouldSucceed().Node("orders");
        node.Diagnostics.Select(one => one.Code).ShouldBe(["ST6034"]);
        (await QueryAsync("select id, v from main.orders order by 1")).ShouldBe(["1|1", "2|5"]);
        (await QueryAsync("select id, v, _quarantine_status from main.orders__quarantine")).ShouldBe([
            "2|2|open",
        ]);
    }

    [Fact]
    public async Task Replay_TheRowPassesAsItCame_AndItsCorrectionFails_ItStays()
    {
        await LoadAsync("(1, 1), (2, -2)", "id int, v int");
        (await _bench.BuildAsync(Project("select * from {batch}", "v >= 0"))).ShouldSucceed();
        var id = await IdOfAsync("id = 2");

        var loose = Project("select * from {batch}", "v >= -2");
        (await ReplayAsync(loose, Corrected.Of(["v"], (id, ["-20"])))).ShouldSucceed();

        (await QueryAsync("select id, v from main.orders order by 1")).ShouldBe(["1|1"]);
        (await QueryAsync("select id, v, _quarantine_status from main.orders__quarantine")).ShouldBe([
            "2|-20|open",
        ]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AVolatileColumnIsJudged_ARowThatDiffersInIt_IsTheSameOnlyInItsPlace(bool isPlaced)
    {
        const string shape = "id int, price int, _source_file text, _source_row int";
        var place = isPlaced ? "'a.csv', 7" : "null, null";
        await LoadAsync($"(1, -1, {place})", shape);
        var project = Project("select * from {batch}", "price >= 0", "price");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await DropAsync("id = 1");
        await LoadAsync($"(1, 5, {place})", shape);

        var node = (await RefreshAsync(project)).ShouldSucceed().Node("orders");

        (await QueryAsync("select id, price from main.orders")).ShouldBe(isPlaced ? [] : ["1|5"]);
        (await QueryAsync(Known)).ShouldBe(["1|dropped"]);
        node.Diagnostics.Select(one => one.Code).ShouldBe(isPlaced ? [] : ["ST6033"]);
    }

    [Fact]
    public async Task OpenRows_AreAsTheyComeNow_ButForWhatSomebodyHasCorrected()
    {
        const string sql = "select id, v, {0} as loaded_at, {1} as said_at from {{batch}}";
        await LoadAsync("(1, -1), (2, -2)", "id int, v int");
        var first = Project(
            string.Format(null, sql, "date_trunc('day', now()) - interval '1 day'", "now()"),
            "v >= 0"
        );
        (await _bench.BuildAsync(first)).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update main.orders__quarantine set loaded_at = '2020-02-02 00:00:00+00', v = 11 where id = 1",
            connection
        );

        var second = Project(string.Format(null, sql, "date_trunc('day', now())", "now()"), "v >= 0");
        (await _bench.BuildAsync(second)).ShouldSucceed();

        (
            await QueryAsync(
                "select id, v, extract(year from loaded_at) = 2020, loaded_at <= now() - interval '1 day' "
                    + "from main.orders__quarantine order by 1"
            )
        ).ShouldBe(["1|11|True|True", "2|-2|False|False"]);
        (await QueryAsync("select count(distinct said_at) from main.orders__quarantine")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task RowsOfAnIncrementalModel_AreToldApartByWhenTheyCame()
    {
        var project = Judged(
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "up",
                    "select id, now() as loaded_at from {batch}",
                    Materialization.Incremental,
                    connection: connection
                )
                .Model(
                    "orders",
                    "select loaded_at, count(*) as n from {up} group by loaded_at",
                    connection: connection
                ),
            "n >= 3"
        );
        for (var i = 0; i < 5; i++)
        {
            await LoadAsync($"({i}), ({i + 10})", "id int");
            (await _bench.BuildAsync(project)).ShouldSucceed();
        }
        const string Times = "select count(*), count(distinct loaded_at), min(n), max(n) from main.orders{0}";
        (await QueryAsync(string.Format(null, Times, "__quarantine"))).ShouldBe(["5|5|2|2"]);
        var dropped = (await QueryAsync("select min(cast(loaded_at as text)) from main.up"))[0];
        await DropAsync($"cast(loaded_at as text) = '{dropped}'");
        var ids = await QueryAsync(
            "select _quarantine_id from main.orders__quarantine where _quarantine_status = 'open'"
        );

        var corrections = Corrected.Of(["n"], [.. ids.Select(id => (id, new[] { "3" }))]);
        (await ReplayAsync(project, corrections)).ShouldSucceed();

        (await QueryAsync(string.Format(null, Times, ""))).ShouldBe(["4|4|3|3"]);
        await LoadAsync("(7), (17)", "id int");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await QueryAsync(string.Format(null, Times, ""))).ShouldBe(["4|4|3|3"]);
        (
            await QueryAsync(
                "select cast(loaded_at as text) from main.orders__quarantine where _quarantine_status = 'dropped'"
            )
        ).ShouldBe([dropped]);
        (
            await QueryAsync($"select 1 from main.orders where cast(loaded_at as text) = '{dropped}'")
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task BranchesOfAUnion_ThatMakeOtherValues_AreToldApart()
    {
        await LoadAsync("(1), (2)", "id int");
        const string sql =
            "select id, 'shop ' || cast(now() as text) as k, 1 as n from {batch} union all select id, 'web ' || cast(now() as text) as k, 1 from {batch}";
        (await _bench.BuildAsync(Project(sql, "n > 1"))).ShouldSucceed();
        await DropAsync("k like 'shop%' and id = 1");

        (await RefreshAsync(Project(sql, "n > 1 and k <> ''"))).ShouldSucceed();

        // a row that cannot be known again is open again, and no other one is dropped in its place
        (
            await QueryAsync(
                "select id, k like 'shop%', _quarantine_status from main.orders__quarantine where _quarantine_status = 'open' order by 1, 2"
            )
        ).Length.ShouldBe(4);
    }

    [Fact]
    public async Task ANestedUnion_IsReadToItsEnd()
    {
        await LoadAsync("(1, timestamp '2020-01-01 00:00:00')", "id int, ts timestamp");
        const string sql = """
            select id, cast(now() as timestamp) as ts, -1 as v from {batch} where id < 0
            union all (select id, cast(now() as timestamp) as ts, -1 from {batch} where id < 0 union all select id, ts, -1 from {batch})
            """;
        (await _bench.BuildAsync(Project(sql, "v >= 0"))).ShouldSucceed();
        await DropAsync("id = 1");
        await LoadAsync("(1, timestamp '2021-01-01 00:00:00')", "id int, ts timestamp");

        (await RefreshAsync(Project(sql, "v >= 0"))).ShouldSucceed();

        (await QueryAsync(Known)).ShouldBe(["1|dropped", "1|open"], ignoreOrder: true);
    }
}

public sealed class DuckDbQuarantineOfTheRunTests() : QuarantineOfTheRunTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresQuarantineOfTheRunTests(PostgresDatabase database)
    : QuarantineOfTheRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
