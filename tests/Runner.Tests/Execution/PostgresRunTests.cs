using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Events;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Whole runs on Postgres: what readers hold on to must survive, and groups publish together.</summary>
[Trait("Engine", "postgres")]
public sealed class PostgresRunTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, raw, outside, _strata, _strata_kept cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    private static ModelConfig Grouped(ModelConfig config) => config with { Publish = PublishMode.Run };

    private Support.ManifestBuilder Table(string sql, params string[] key) =>
        _bench.Project().Model("t", sql, config: c => c with { UniqueKey = [.. key] }, connection: "pg");

    [PostgresFact]
    public async Task View_WhoseColumnsChange_KeepsGrantsAndComment()
    {
        Support.ManifestBuilder Project(string columns) =>
            _bench
                .Project()
                .Model("t", "select 1 as id, 2 as other", connection: "pg")
                .Model("seen", $"select {columns} from {{t}}", Materialization.View, connection: "pg");
        (await _bench.BuildAsync(Project("id, other"))).ShouldSucceed();
        await _bench.ExecuteAsync("grant select on main.seen to public", "pg");
        await _bench.ExecuteAsync("grant update (id, other) on main.seen to public", "pg");
        await _bench.ExecuteAsync("comment on view main.seen is 'it''s; \"read\" by all'", "pg");

        (await _bench.BuildAsync(Project("cast(id as text) as id"))).ShouldSucceed();

        (
            await _bench.QueryAsync(
                """
                select has_table_privilege('public', c.oid, 'select'), has_column_privilege('public', c.oid, 'id', 'update'),
                    has_table_privilege('public', c.oid, 'insert'), obj_description(c.oid, 'pg_class')
                from pg_class as c where c.oid = 'main.seen'::regclass
                """,
                "pg"
            )
        ).ShouldBe(["True|True|False|it's; \"read\" by all"]);
    }

    [PostgresTheory]
    [InlineData(Materialization.View, Materialization.Table)]
    [InlineData(Materialization.Table, Materialization.View)]
    [InlineData(Materialization.View, Materialization.Incremental)]
    [InlineData(Materialization.View, Materialization.View)]
    public async Task Group_WhoseModelIsReplaced_ViewsOfViewsMakeWay_AndKeepGrantsAndComments(
        Materialization before,
        Materialization after
    )
    {
        const string Rights = """
            select relkind, has_table_privilege('public', c.oid, 'select'), obj_description(c.oid, 'pg_class')
            from pg_class as c where relnamespace = 'main'::regnamespace order by relname
            """;
        Support.ManifestBuilder Project(Materialization kind, string columns) =>
            _bench
                .Project()
                .Model("a", $"select {columns}", kind, Grouped, "pg")
                .Model("b", "select id from {a}", Materialization.View, Grouped, "pg")
                .Model("c", "select id from {b}", Materialization.View, Grouped, "pg")
                .Model("d", "select 5 as id", Materialization.View, Grouped, "pg");
        (await _bench.BuildAsync(Project(before, "1 as id, 2 as other"))).ShouldSucceed();
        await _bench.ExecuteAsync("grant select on main.b, main.c to public", "pg");
        await _bench.ExecuteAsync("comment on view main.c is 'read by all'", "pg");
        // a view of the project that reads nothing of it stays, and so does what others have made over it
        await _bench.ExecuteAsync("create view main.e as select * from main.d", "pg");

        (await _bench.BuildAsync(Project(after, "3 as id"))).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.c", "pg")).ShouldBe(["3"]);
        (await _bench.QueryAsync(Rights, "pg")).ShouldBe([
            $"{(after == Materialization.View ? "v" : "r")}|False|null",
            "v|True|null",
            "v|True|read by all",
            "v|False|null",
            "v|False|null",
        ]);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [PostgresTheory]
    [InlineData(Materialization.View, Materialization.Table)]
    [InlineData(Materialization.Table, Materialization.View)]
    public async Task ModelThatWasReplaced_GoesBack_UnderAViewThatKeepsItsGrants(
        Materialization before,
        Materialization after
    )
    {
        Support.ManifestBuilder Project(Materialization kind, int id) =>
            _bench
                .Project()
                .Model("a", $"select {id} as id", kind, Grouped, "pg")
                .Model("b", "select id from {a}", Materialization.View, Grouped, "pg");
        var first = (await _bench.BuildAsync(Project(before, 1))).ShouldSucceed().Plan.RunId;
        await _bench.ExecuteAsync("grant select on main.b to public", "pg");
        (await _bench.BuildAsync(Project(after, 2))).ShouldSucceed();

        (await _bench.RollbackAsync(Project(before, 1), first)).ShouldBeBack();

        (
            await _bench.QueryAsync(
                "select id, has_table_privilege('public', 'main.b', 'select') from main.b",
                "pg"
            )
        ).ShouldBe(["1|True"]);
    }

    [PostgresFact]
    public async Task ModelThatIsReplaced_UnderAViewThatTheRunDoesNotBuild_IsRefused()
    {
        Support.ManifestBuilder Project(Materialization kind) =>
            _bench
                .Project()
                .Model("a", "select 1 as id", kind, Grouped, "pg")
                .Model("b", "select id from {a}", Materialization.View, Grouped, "pg");
        (await _bench.BuildAsync(Project(Materialization.View))).ShouldSucceed();

        var result = await _bench.BuildAsync(
            Project(Materialization.Table),
            r => r with { Selected = ["model.shop.a"] }
        );

        var error = result.Node("a").Diagnostics.Single();
        error.Code.ShouldBe("ST7010");
        error.Hint.ShouldNotBeNull().ShouldContain("--select a+");
        (await _bench.BuildAsync(Project(Materialization.Table))).ShouldSucceed();
        (await _bench.QueryAsync("select id from main.b", "pg")).ShouldBe(["1"]);
    }

    [PostgresTheory]
    [InlineData("")]
    [InlineData("id")]
    public async Task Rebuild_ChangesOnlyRowsThatDiffer_AndKeepsIdentityGrantsAndDependents(string key)
    {
        string[] keys = key.Length == 0 ? [] : [key];
        (
            await _bench.BuildAsync(
                Table("select * from (values (1, 'a'), (2, 'b'), (3, null)) as v(id, name)", keys)
            )
        ).ShouldSucceed();
        await _bench.ExecuteAsync("create view main.outside as select * from main.t", "pg");
        await _bench.ExecuteAsync("grant select on main.t to public", "pg");
        var before = await _bench.QueryAsync(
            "select 'main.t'::regclass::oid::text, relacl::text from pg_class where oid = 'main.t'::regclass",
            "pg"
        );
        var rows = await _bench.QueryAsync(
            "select id, ctid::text from main.t where id in (1, 3) order by id",
            "pg"
        );
        const string Changed =
            "select * from (values (1, 'a'), (2, 'B'), (4, 'd'), (3, null)) as v(id, name)";
        // the second build makes keys known to be unique for this very definition
        (await _bench.BuildAsync(Table(Changed, keys))).ShouldSucceed();

        var result = (
            await _bench.BuildAsync(Table(Changed, keys), r => r with { FullRefresh = true })
        ).ShouldSucceed();

        (await _bench.QueryAsync("select * from main.outside order by id", "pg")).ShouldBe([
            "1|a",
            "2|B",
            "3|null",
            "4|d",
        ]);
        (
            await _bench.QueryAsync(
                "select 'main.t'::regclass::oid::text, relacl::text from pg_class where oid = 'main.t'::regclass",
                "pg"
            )
        ).ShouldBe(before);
        (
            await _bench.QueryAsync("select id, ctid::text from main.t where id in (1, 3) order by id", "pg")
        ).ShouldBe(rows);
        result.Node("t").Rows!.Unchanged.ShouldBe(4);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Rebuild_WithDuplicateRowsAndNoKey_KeepsTheirNumber()
    {
        (
            await _bench.BuildAsync(Table("select * from (values (1), (1), (1), (2)) as v(id)"))
        ).ShouldSucceed();
        var result = await _bench.BuildAsync(
            Table("select * from (values (1), (1), (2), (2), (3)) as v(id)")
        );

        (await _bench.QueryAsync("select id from main.t order by 1", "pg")).ShouldBe([
            "1",
            "1",
            "2",
            "2",
            "3",
        ]);
        result
            .ShouldSucceed()
            .Node("t")
            .Rows.ShouldBe(
                new RowCounts
                {
                    In = 5,
                    Out = 5,
                    Inserted = 2,
                    Updated = 0,
                    Unchanged = 3,
                    Deleted = 1,
                }
            );
    }

    [PostgresFact]
    public async Task Rebuild_WithOtherColumns_AltersInPlace_AlsoUnderOurOwnViews()
    {
        Support.ManifestBuilder Project(string sql) =>
            _bench
                .Project()
                .Model("t", sql, config: Grouped, connection: "pg")
                .Model("v", "select * from {t}", Materialization.View, Grouped, "pg");
        (await _bench.BuildAsync(Project("select 1 as id, 'a' as name"))).ShouldSucceed();
        var oid = await _bench.QueryAsync("select 'main.t'::regclass::oid::text", "pg");

        (await _bench.BuildAsync(Project("select 'x' as id, 2 as other"))).ShouldSucceed();

        (await _bench.QueryAsync("select id, other from main.v", "pg")).ShouldBe(["x|2"]);
        (await _bench.QueryAsync("select 'main.t'::regclass::oid::text", "pg")).ShouldBe(oid);
    }

    [PostgresFact]
    public async Task Rebuild_DroppingAColumnThatOthersUse_IsRefusedWithTheirNames()
    {
        (await _bench.BuildAsync(Table("select 1 as id, 'a' as name"))).ShouldSucceed();
        await _bench.ExecuteAsync("create view main.theirs as select name from main.t", "pg");

        var result = await _bench.BuildAsync(Table("select 1 as id"));

        var error = result.Node("t").Diagnostics.Single();
        error.Code.ShouldBe("ST7010");
        string.Join("\n", error.Details).ShouldContain("theirs");
        (await _bench.QueryAsync("select name from main.theirs", "pg")).ShouldBe(["a"]);
    }

    [PostgresFact]
    public async Task Group_FailingTestOfOneNode_HoldsBackAll()
    {
        Support.ManifestBuilder Project(string a, string b) =>
            _bench
                .Project()
                .Model("a", a, config: Grouped, connection: "pg")
                .Model("b", b, config: Grouped, connection: "pg")
                .Model(
                    "c",
                    "select a.x, b.y from {a} join {b} on true where a.x is not null",
                    config: Grouped,
                    connection: "pg"
                )
                .Expect("b", "not_null", "y");
        (await _bench.BuildAsync(Project("select 1 as x", "select 1 as y"))).ShouldSucceed();

        var result = await _bench.BuildAsync(Project("select 2 as x", "select null::int as y"));

        result.OutcomeOf("a").ShouldBe(Outcome.HeldBack);
        result.Node("a").Because.ShouldBe("b");
        result.OutcomeOf("b").ShouldBe(Outcome.Failed);
        result.OutcomeOf("c").ShouldBe(Outcome.Skipped);
        (await _bench.QueryAsync("select x, y from main.c", "pg")).ShouldBe(["1|1"]);
        (await _bench.QueryAsync("select x from main.a", "pg")).ShouldBe(["1"]);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Group_AllGood_PublishesInOneTransaction_AndIsFreshAfterwards()
    {
        var project = _bench
            .Project()
            .Model("a", "select 1 as x", config: Grouped, connection: "pg")
            .Model("b", "select x + 1 as x from {a}", config: Grouped, connection: "pg")
            .Model("v", "select x * 10 as x from {b}", Materialization.View, Grouped, "pg")
            .Expect("v", "unique", "x");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        _bench.Events.OfType<GroupPublished>().Single().Nodes.ShouldBe(3);
        (await _bench.QueryAsync("select count(distinct xmin::text) from _strata.ledger", "pg")).ShouldBe([
            "1",
        ]);
        (await _bench.BuildAsync(project)).ShouldSucceed().Nodes.ShouldAllBe(n => n.Outcome == Outcome.Fresh);
    }

    [PostgresFact]
    public async Task Publish_WhileAReaderHoldsTheTable_DoesNotWaitForIt()
    {
        (await _bench.BuildAsync(Table("select 1 as id"))).ShouldSucceed();
        await using var reader = await _bench.Adapters["pg"].OpenSessionAsync(CancellationToken.None);
        await using var transaction = await reader.BeginAsync(CancellationToken.None);
        await reader.QueryAsync("select * from main.t", 1, CancellationToken.None);

        (await _bench.BuildAsync(Table("select 2 as id"))).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.t", "pg")).ShouldBe(["2"]);
    }

    /// <summary>A table cannot have two columns of one name, and the rows of a query can.</summary>
    [PostgresFact]
    public async Task Test_WhoseRowsCannotBeStored_IsJudgedAllTheSame()
    {
        var project = Table("select 1 as id")
            .Test(
                "pairs",
                "select x.id, y.id from {t} as x join {t} as y on true",
                TestSeverity.Warn,
                "pg",
                storesFailures: true
            )
            .Expect("t", "not_null", "id");

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        var tests = result.Nodes.SelectMany(node => node.Tests).ToList();
        tests.Single(test => test.Test.TestName == "not_null").Status.ShouldBe(TestStatus.Pass);
        var pairs = tests.Single(test => test.Test.Name == "pairs");
        (pairs.Status, pairs.Failures, pairs.StoredIn).ShouldBe((TestStatus.Warn, 1, null));
        pairs.Samples.ShouldNotBeNull().Rows.Length.ShouldBe(1);
        pairs.Diagnostics.Select(one => one.Code).ShouldBe(["ST6021", "ST6022"]);
    }

    [PostgresFact]
    public async Task Publish_WhileAnotherSessionLocksTheTable_GivesUpInBoundedTimeAndSaysSo()
    {
        (await _bench.BuildAsync(Table("select 1 as id"))).ShouldSucceed();
        await using var other = await _bench.Adapters["pg"].OpenSessionAsync(CancellationToken.None);
        await using var transaction = await other.BeginAsync(CancellationToken.None);
        await other.ExecuteAsync("lock table main.t in access exclusive mode", CancellationToken.None);

        var result = await _bench.BuildAsync(Table("select 2 as id"));

        result.Node("t").Diagnostics.Single().Code.ShouldBe("ST5008");
    }

    [PostgresFact]
    public async Task Build_WhileAnotherRunHoldsTheLock_IsRefused()
    {
        await using var held = await _bench.Adapters["pg"].TryLockStateAsync("other", CancellationToken.None);

        var result = await _bench.BuildAsync(Table("select 1 as id"));

        result.CouldNotStart.ShouldBeTrue();
        result.Diagnostics.Single().Code.ShouldBe("ST7001");
    }
}
