using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Rollback;

/// <summary>Going back on both engines of a project: replicas, feeds and positions stay together.</summary>
[Trait("Engine", "postgres")]
public sealed class RollbackAcrossTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, _strata, _strata_feed, _strata_kept, strata_replica_main cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    private Support.ManifestBuilder Chain() =>
        _bench
            .Project()
            .Source("batch")
            .Model(
                "silver",
                "select * from {batch}",
                Materialization.Incremental,
                c => c with { UniqueKey = ["id"] }
            )
            .Model(
                "gold",
                "select v, count(*) as n from {silver} group by v",
                config: c => c with { Publish = PublishMode.Run },
                connection: "pg"
            )
            .Model(
                "log",
                "select id, v, _change as change from {changes silver}",
                Materialization.Incremental,
                c => c with { Publish = PublishMode.Run },
                "pg"
            );

    private async Task<RunResult> BuildAsync(string values)
    {
        await _bench.ExecuteAsync("create schema if not exists raw");
        await _bench.ExecuteAsync("create or replace table raw.batch (id int, v text)");
        await _bench.ExecuteAsync($"insert into raw.batch values {values}");
        return (await _bench.BuildAsync(Chain())).ShouldSucceed();
    }

    private async Task<string> DumpAsync() =>
        string.Join(
            "\n",
            await Rows("select * from main.silver", "duck"),
            await Rows("select * from main.gold", "pg"),
            await Rows("select * from main.log", "pg"),
            await Rows("select id, v from strata_replica_main.silver", "pg")
        );

    private async Task<string> Rows(string sql, string connection) =>
        string.Join(" ; ", (await _bench.QueryAsync(sql, connection)).Order(StringComparer.Ordinal));

    [PostgresFact]
    public async Task BothEngines_GoBack_AndTheNextBuildShipsOnlyChanges()
    {
        await BuildAsync("(1, 'a'), (2, 'b'), (null, 'n')");
        var second = await BuildAsync("(2, 'B'), (3, 'c')");
        var before = await DumpAsync();
        await BuildAsync("(3, 'C'), (null, 'N')");
        var expected = await DumpAsync();

        var result = (await _bench.RollbackAsync(Chain(), second.Plan.RunId)).ShouldBeBack();
        (await DumpAsync()).ShouldBe(before);
        var again = await BuildAsync("(3, 'C'), (null, 'N')");

        result.Done.ShouldBe(["duck", "pg"]);
        (await DumpAsync()).ShouldBe(expected);
        again.Node("log").Node.Action.ShouldBe(PlannedAction.Incremental);
        again.Nodes.Single(n => n.Node.Kind == PlannedKind.Transfer).Node.Writer.ShouldBe("change feed");
    }

    [PostgresFact]
    public async Task OneEngineThatCannotGoBack_KeepsTheOtherWhereItIs()
    {
        var first = await BuildAsync("(1, 'a'), (2, 'b')");
        await BuildAsync("(2, 'B'), (3, 'c')");
        await _bench.ExecuteAsync("delete from main.log where id = 3", "pg");
        var before = await DumpAsync();

        var result = await _bench.RollbackAsync(Chain(), first.Plan.RunId);

        result.Done.ShouldBeEmpty();
        var refused = result.Diagnostics.Single();
        (refused.Code, refused.Hint!.Split("; ")[^1]).ShouldBe(("ST7064", "nothing was rolled back"));
        (await DumpAsync()).ShouldBe(before);
        (await Rows("select command from _strata.runs where command = 'rollback'", "duck")).ShouldBe("");
    }

    [PostgresFact]
    public async Task OneEngineThatRefusesItsCommit_LeavesARunThatHasFailed_AndTheRestIsDoneAgain()
    {
        var first = await BuildAsync("(1, 'a'), (2, 'b')");
        var before = await DumpAsync();
        await BuildAsync("(2, 'B'), (3, 'c')");
        await _bench.ExecuteAsync(
            "create function main.refuse() returns trigger language plpgsql as 'begin raise exception ''not today''; end'",
            "pg"
        );
        await _bench.ExecuteAsync(
            "create constraint trigger refuse after delete on main.log deferrable initially deferred "
                + "for each row execute function main.refuse()",
            "pg"
        );

        var result = await _bench.RollbackAsync(Chain(), first.Plan.RunId);
        result.Done.ShouldBe(["duck"]);
        result.Diagnostics.Single().Code.ShouldBe("ST7064");
        (await Rows("select command, outcome from _strata.runs where command = 'rollback'", "duck")).ShouldBe(
            "rollback|failed"
        );

        await _bench.ExecuteAsync("drop function main.refuse() cascade", "pg");
        (await _bench.RollbackAsync(Chain(), first.Plan.RunId)).ShouldBeBack();
        (await DumpAsync()).ShouldBe(before);
    }

    [PostgresFact]
    public async Task AReaderElsewhere_ThatTookInNothingOfIt_ReadsOnFromWhereItStands()
    {
        await BuildAsync("(1, 'a'), (2, 'b'), (3, 'c')");
        await BuildAsync("(2, 'B')");
        await _bench.ExecuteAsync("create or replace table raw.batch as select 3 as id, 'bad' as v");
        (
            await _bench.BuildAsync(Chain(), request => request with { Selected = ["model.shop.silver"] })
        ).ShouldSucceed();

        (await _bench.RollbackAsync(Chain(), "previous")).ShouldBeBack();
        var again = await BuildAsync("(4, 'd')");

        again.Nodes.Single(n => n.Node.Kind == PlannedKind.Transfer).Node.Writer.ShouldBe("change feed");
        (await Rows("select * from main.log", "pg")).ShouldBe(
            "1|a|insert ; 2|B|update ; 2|b|insert ; 3|c|insert ; 4|d|insert"
        );
    }

    [PostgresFact]
    public async Task AReaderElsewhere_ThatCannotBeTold_IsAWarning_AndReadsEverythingAgain()
    {
        await BuildAsync("(1, 'a'), (2, 'b')");
        await _bench.ExecuteAsync("create or replace table raw.batch as select 2 as id, 'bad' as v");
        (
            await _bench.BuildAsync(Chain(), request => request with { Selected = ["model.shop.silver"] })
        ).ShouldSucceed();
        const string refuse =
            "create function _strata.refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$";
        await _bench.ExecuteAsync(refuse, "pg");
        await _bench.ExecuteAsync(
            "create trigger refuse before update on _strata.consumed execute function _strata.refuse()",
            "pg"
        );

        var result = (await _bench.RollbackAsync(Chain(), "previous")).ShouldBeBack();

        var warning = result.Diagnostics.Single();
        warning.IsError.ShouldBeFalse();
        Workbench.Text([warning]).ShouldContain("not now");
        (await Rows("select id, v from main.silver", "duck")).ShouldBe("1|a ; 2|b");
        await _bench.ExecuteAsync("drop trigger refuse on _strata.consumed", "pg");
        await BuildAsync("(3, 'c')");
        (await Rows("select id, v from strata_replica_main.silver", "pg")).ShouldBe("1|a ; 2|b ; 3|c");
    }

    [PostgresFact]
    public async Task TheUpperLayerAlone_GoesBack_AndTheLowerFollowsWithTheNextBuild()
    {
        var first = await BuildAsync("(1, 'a'), (2, 'b')");
        await BuildAsync("(2, 'B'), (3, 'c')");

        (await _bench.RollbackAsync(Chain(), first.Plan.RunId, "model.shop.silver")).ShouldBeBack();
        await BuildAsync("(4, 'd')");

        (await DumpAsync()).ShouldBe(
            """
            1|a ; 2|b ; 4|d
            a|1 ; b|1 ; d|1
            1|a|insert ; 2|b|insert ; 4|d|insert
            1|a ; 2|b ; 4|d
            """
        );
    }
}
