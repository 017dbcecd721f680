using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Whole runs over what only Postgres has: lengths, domains, collations, partitions, settings of roles and sessions.</summary>
[Trait("Engine", "postgres")]
public sealed class PostgresTypesRunTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, raw, types, _strata, _strata_kept cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    private async Task LoadAsync(string shape, string values)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", "pg");
        await _bench.ExecuteAsync("drop table if exists raw.rows cascade", "pg");
        await _bench.ExecuteAsync($"create table raw.rows ({shape})", "pg");
        await _bench.ExecuteAsync($"insert into raw.rows values {values}", "pg");
    }

    private Support.ManifestBuilder Model(
        string sql,
        Materialization materialized = Materialization.Table,
        OnSchemaChange? mode = null,
        params string[] key
    ) =>
        _bench
            .Project()
            .Source("rows", connection: "pg")
            .Model(
                "t",
                sql,
                materialized,
                c => c with { UniqueKey = [.. key], OnSchemaChange = mode ?? c.OnSchemaChange },
                "pg"
            );

    private Task<string[]> RowsAsync(string columns = "*") =>
        _bench.QueryAsync($"select {columns} from main.t order by id", "pg");

    [PostgresTheory]
    [InlineData("varchar(10)", "abcdefg", "varchar(4)")]
    [InlineData("text", "abc", "char(2)")]
    [InlineData("bit varying", "1011", "bit(2)")]
    [InlineData("timestamptz", "2026-01-01 10:00:00.6+00", "timestamptz(0)")]
    [InlineData("time", "10:00:00.6", "time(0)")]
    [InlineData("interval", "10.6 seconds", "interval(0)")]
    [InlineData("integer", "12345", "varchar(3)")]
    [InlineData("interval", "1 day 02:03", "interval day")]
    public async Task SyncAllColumns_AValueThatWouldBeCut_IsRefused(string from, string value, string to)
    {
        await LoadAsync($"id int, v {from}", $"(1, '{value}')");
        var project = Model("select id, v from {rows}", Materialization.Incremental, key: "id");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var before = await RowsAsync();
        await LoadAsync($"id int, v {to}", "(2, null)");

        var result = await _bench.BuildAsync(
            Model(
                "select id, v from {rows}",
                Materialization.Incremental,
                OnSchemaChange.SyncAllColumns,
                "id"
            )
        );

        Workbench.Text(result).ShouldContain("ST7023");
        (await RowsAsync()).ShouldBe(before);
    }

    [PostgresTheory]
    [InlineData("varchar(10)", "abcd", "varchar(4)")]
    [InlineData("text", "ab  ", "char(2)")]
    [InlineData("timestamptz", "2026-01-01 10:00:00+00", "timestamptz(0)")]
    public async Task SyncAllColumns_AValueThatFits_TakesTheType(string from, string value, string to)
    {
        await LoadAsync($"id int, v {from}", $"(1, '{value}')");
        var project = Model("select id, v from {rows}", Materialization.Incremental, key: "id");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync($"id int, v {to}", "(2, null)");

        (
            await _bench.BuildAsync(
                Model(
                    "select id, v from {rows}",
                    Materialization.Incremental,
                    OnSchemaChange.SyncAllColumns,
                    "id"
                )
            )
        ).ShouldSucceed();

        (await RowsAsync("id")).ShouldBe(["1", "2"]);
    }

    [PostgresFact]
    public async Task Microbatch_AValueThatIsTooLong_IsRefused()
    {
        Support.ManifestBuilder Project(string type) =>
            _bench
                .Project()
                .Source("rows", connection: "pg", eventTime: "ts")
                .Model(
                    "t",
                    $"select id, ts, cast(v as {type}) as v from {{rows}}",
                    Materialization.Incremental,
                    c =>
                        c with
                        {
                            IncrementalStrategy = IncrementalStrategy.Microbatch,
                            EventTime = "ts",
                            BatchSize = BatchSize.Day,
                            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                        },
                    "pg"
                );
        await LoadAsync("id int, ts timestamp, v text", "(1, '2026-11-20 10:00', 'one')");
        (await _bench.BuildAsync(Project("varchar(3)"))).ShouldSucceed();
        await LoadAsync(
            "id int, ts timestamp, v text",
            "(1, '2026-11-20 10:00', 'one'), (2, '2026-11-21 10:00', 'longer text')"
        );

        Workbench.Text(await _bench.BuildAsync(Project("varchar(20)"))).ShouldContain("ST7023");

        (await RowsAsync("id, v")).ShouldBe(["1|one"]);
    }

    [PostgresTheory]
    [InlineData(OnSchemaChange.SyncAllColumns)]
    [InlineData(OnSchemaChange.Fail)]
    public async Task Types_ThatAQueryTellsLessOf_AreTheSameInTheNextRun(OnSchemaChange mode)
    {
        await _bench.ExecuteAsync("create schema types", "pg");
        await _bench.ExecuteAsync("create domain types.word as varchar(8) check (value <> '')", "pg");
        await _bench.ExecuteAsync("create domain types.short as types.word", "pg");
        await LoadAsync(
            """id int, c char(3), i interval day to second, n numeric(5, -2), k "char", w types.word, s types.short""",
            "(1, 'DEU', '1 day', 100, 'x', 'one', 'two')"
        );
        const string sql =
            "select id, max(c) as c, array_agg(c) as cs, max(i) as i, min(n) as n, min(k::text)::\"char\" as k, min(w)::types.word as w, min(s)::types.short as s, max(i::interval day to second) as i2 from {rows} group by id";
        var project = Model(sql, Materialization.Incremental, mode, "id");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("delete from raw.rows", "pg");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync(
            "insert into raw.rows values (2, 'FRA', '2 days', 200, 'y', 'three', 'four')",
            "pg"
        );

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await RowsAsync("id, c, cs, w, s")).ShouldBe(["1|DEU|{DEU}|one|two", "2|FRA|{FRA}|three|four"]);
        (
            await _bench.QueryAsync(
                "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'main.t'::regclass and attname in ('c', 'w', 's') order by attnum",
                "pg"
            )
        ).ShouldBe(["bpchar", "types.word", "types.short"]);
    }

    [PostgresFact]
    public async Task Table_OfCharactersAndDomains_IsUnchangedInTheNextRun()
    {
        await _bench.ExecuteAsync("create schema types", "pg");
        await _bench.ExecuteAsync("create domain types.word as text", "pg");
        await LoadAsync("id int, c char(3), w types.word", "(1, 'DEU', 'one'), (2, 'FRA', 'two')");
        var project = Model("select id, max(c) as c, min(w)::types.word as w from {rows} group by id");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("insert into raw.rows values (3, 'ITA', 'three')", "pg");

        var rows = (await _bench.BuildAsync(project)).ShouldSucceed().Node("t").Rows!;

        (rows.Inserted, rows.Deleted, rows.Unchanged).ShouldBe((1, 0, 2));
    }

    [PostgresFact]
    public async Task Microbatch_IntoPartitions_LeavesOtherDaysAlone()
    {
        var project = _bench
            .Project()
            .Source("rows", connection: "pg", eventTime: "ts")
            .Model(
                "t",
                "select id, ts, v from {rows}",
                Materialization.Incremental,
                c =>
                    c with
                    {
                        IncrementalStrategy = IncrementalStrategy.Microbatch,
                        EventTime = "ts",
                        BatchSize = BatchSize.Day,
                        Lookback = 3,
                        Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    },
                "pg"
            );
        const string shape = "id int, ts timestamp, v text";
        const string rows =
            "select i, timestamp '2026-11-18' + (i % 3) * interval '1 day', 'v' from generate_series(1, 90) as g(i)";
        await LoadAsync(shape, "(0, null, null)");
        await _bench.ExecuteAsync("delete from raw.rows", "pg");
        await _bench.ExecuteAsync($"insert into raw.rows {rows}", "pg");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("alter table main.t rename to was", "pg");
        await _bench.ExecuteAsync(
            "create table main.t (like main.was including all) partition by range (ts)",
            "pg"
        );
        foreach (var day in new[] { 18, 19, 20, 21 })
            await _bench.ExecuteAsync(
                $"create table main.t_{day} partition of main.t for values from ('2026-11-{day}') to ('2026-11-{day + 1}')",
                "pg"
            );
        await _bench.ExecuteAsync("insert into main.t select * from main.was", "pg");
        await _bench.ExecuteAsync("update raw.rows set v = 'new' where id in (2, 5, 8)", "pg");
        await _bench.ReopenAsync();

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select v, count(*) from main.t group by v order by v", "pg")).ShouldBe([
            "new|3",
            "v|87",
        ]);
    }

    [PostgresTheory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task Values_ThatACollationTakesForEqual_AreChangesAllTheSame(Materialization materialized)
    {
        await CreateLooseCollationAsync();
        const string shape = "id int, v text collate types.loose";
        await LoadAsync(shape, "(1, 'Bob'), (2, 'Eve'), (3, 'Ann'), (4, 'Zoe')");
        var project = Model("select id, v from {rows}", materialized, key: "id");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync(shape, "(1, 'bob'), (2, 'Eve'), (3, 'Ann'), (4, 'Zoe')");

        (await _bench.BuildAsync(project)).ShouldSucceed().Node("t").Rows!.Updated.ShouldBe(1);

        (await RowsAsync()).ShouldBe(["1|bob", "2|Eve", "3|Ann", "4|Zoe"]);
    }

    [PostgresFact]
    public async Task Snapshot_OfValuesThatACollationTakesForEqual_BeginsAVersion()
    {
        await CreateLooseCollationAsync();
        const string shape = "id int, v text collate types.loose";
        await LoadAsync(shape, "(1, 'Bob'), (2, 'Eve')");
        var project = _bench
            .Project()
            .Source("rows", connection: "pg")
            .Model(
                "t",
                "select id, v from {rows}",
                Materialization.Snapshot,
                c =>
                    c with
                    {
                        UniqueKey = ["id"],
                        Snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Check },
                    },
                "pg"
            );
        (await _bench.RunAsync(project, RunCommand.Snapshot)).ShouldSucceed();
        await LoadAsync(shape, "(1, 'bob'), (2, 'Eve')");

        (await _bench.RunAsync(project, RunCommand.Snapshot)).ShouldSucceed();

        (
            await _bench.QueryAsync("select id, v, is_current from main.t order by id, is_current", "pg")
        ).ShouldBe(["1|Bob|False", "1|bob|True", "2|Eve|True"]);
    }

    [PostgresTheory]
    [InlineData("char(5) collate types.loose", "'x'", "'X'")]
    [InlineData("varchar(10) collate types.loose", "'x'", "'X'")]
    [InlineData("text[] collate types.loose", "array['x']", "array['X']")]
    [InlineData("varchar(10)[] collate types.loose", "array['x']", "array['X']")]
    [InlineData("types.named", "row('x')", "row('X')")]
    [InlineData("named", "row('x')", "row('X')")]
    [InlineData("named[]", "array[row('x')::named]", "array[row('X')::named]")]
    public async Task TextWithinValues_ThatACollationTakesForEqual_IsAChange(
        string type,
        string before,
        string after
    )
    {
        await CreateLooseCollationAsync();
        await _bench.ExecuteAsync("create type types.named as (name text collate types.loose)", "pg");
        await _bench.ExecuteAsync("drop type if exists public.named", "pg");
        await _bench.ExecuteAsync("create type public.named as (name text collate types.loose)", "pg");
        foreach (var materialized in (Materialization[])[Materialization.Table, Materialization.Incremental])
        {
            await LoadAsync($"id int, v {type}", $"(1, {before}), (2, {before}), (3, null)");
            var project = Model("select id, v from {rows}", materialized, key: "id");
            (await _bench.BuildAsync(project)).ShouldSucceed();
            await LoadAsync($"id int, v {type}", $"(1, {after}), (2, {before}), (3, null)");

            (await _bench.BuildAsync(project)).ShouldSucceed().Node("t").Rows!.Updated.ShouldBe(1);
            (
                await _bench.QueryAsync("select v::text collate \"C\" ~ 'X' from main.t where id = 1", "pg")
            ).ShouldBe(["True"]);
            await _bench.ExecuteAsync("drop table main.t", "pg");
        }
        await _bench.ExecuteAsync("drop table raw.rows", "pg");
        await _bench.ExecuteAsync("drop type public.named cascade", "pg");
    }

    private async Task CreateLooseCollationAsync()
    {
        await _bench.ExecuteAsync("create schema types", "pg");
        await _bench.ExecuteAsync(
            "create collation types.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
            "pg"
        );
    }

    [PostgresFact]
    public async Task Hooks_WhatTheySet_EndsWithTheirNode()
    {
        await LoadAsync("id int", "(1)");
        var project = _bench
            .Project()
            .Source("rows", connection: "pg")
            .Model(
                "a",
                "select id, current_setting('timezone') as zone from {rows}",
                config: c =>
                    c with
                    {
                        PreHooks = ["set timezone = 'Asia/Tokyo'"],
                        PostHooks = ["set search_path = raw"],
                    },
                connection: "pg"
            )
            .Model(
                "t",
                "select a.id, a.zone, current_setting('timezone') as own, current_setting('search_path') as path from {a} as a",
                connection: "pg"
            );

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await RowsAsync("zone, own, path not like 'raw%'")).ShouldBe(["Asia/Tokyo|UTC|True"]);
    }

    [PostgresFact]
    public async Task Hooks_TemporaryTables_LastUntilTheNodeEnds()
    {
        await LoadAsync("id int, ts timestamp", "(1, '2026-11-20 10:00'), (2, '2026-11-21 10:00')");
        ModelConfig Hooked(ModelConfig config) =>
            config with
            {
                PreHooks = ["create temp table names as select 1 as id, 'one' as name"],
                PostHooks = ["create table if not exists main.seen as select * from names"],
            };
        var project = _bench
            .Project()
            .Source("rows", connection: "pg", eventTime: "ts")
            .Model(
                "a",
                "select id, name from {rows} left join names using (id)",
                config: Hooked,
                connection: "pg"
            )
            .Model(
                "t",
                "select id, ts, name from {rows} left join names using (id)",
                Materialization.Incremental,
                c =>
                    Hooked(c) with
                    {
                        IncrementalStrategy = IncrementalStrategy.Microbatch,
                        EventTime = "ts",
                        BatchSize = BatchSize.Day,
                        Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    },
                "pg"
            );

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await RowsAsync("id, name")).ShouldBe(["1|one", "2|null"]);
        (await _bench.QueryAsync("select name from main.seen", "pg")).ShouldBe(["one"]);
    }

    [PostgresFact]
    public async Task Hooks_APeriodFails_TheOthersHaveWhatTheHookHasSet()
    {
        await LoadAsync(
            "id int, ts timestamp, v text",
            "(1, '2026-11-18 10:00', '1'), (2, '2026-11-19 10:00', 'bad'), (3, '2026-11-20 10:00', '3'), (4, '2026-11-21 10:00', '4')"
        );
        var project = _bench
            .Project()
            .Source("rows", connection: "pg", eventTime: "ts")
            .Model(
                "t",
                "select id, ts, cast(v as int) * cast(current_setting('app.factor', true) as int) as v from {rows}",
                Materialization.Incremental,
                c =>
                    c with
                    {
                        PreHooks = ["set app.factor = '10'"],
                        IncrementalStrategy = IncrementalStrategy.Microbatch,
                        EventTime = "ts",
                        BatchSize = BatchSize.Day,
                        Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    },
                "pg"
            );

        await _bench.BuildAsync(project);

        (await RowsAsync("id, v")).ShouldBe(["1|10", "3|30", "4|40"]);
    }

    [PostgresFact]
    public async Task Table_ThatOthersReferTo_TakesAnotherType()
    {
        await LoadAsync("id int, v varchar(10)", "(1, 'one'), (2, 'two'), (3, 'three')");
        var project = Model("select id, v from {rows}");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("alter table main.t add primary key (id)", "pg");
        await _bench.ExecuteAsync(
            "create table raw.child (id int references main.t (id) deferrable initially deferred)",
            "pg"
        );
        await _bench.ExecuteAsync("insert into raw.child values (1)", "pg");
        await LoadAsync("id int, v text", "(1, 'one'), (2, 'other'), (3, 'three')");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["1|one", "2|other", "3|three"]);
    }

    [PostgresFact]
    public async Task Settings_OfADatabase_DoNotChangeHowValuesAreRead()
    {
        await LoadAsync("id int, v double precision, b bytea", @"(1, 0.30000000000000004, '\x41')");
        await SetAsync("extra_float_digits = 0");
        await SetAsync("bytea_output = 'escape'");
        try
        {
            await _bench.ReopenAsync();
            (await _bench.BuildAsync(Model("select id, v, b from {rows}"))).ShouldSucceed();
            await _bench.ExecuteAsync("update raw.rows set v = 0.3", "pg");

            (await _bench.BuildAsync(Model("select id, v, b from {rows}"))).ShouldSucceed();

            (await RowsAsync("v = 0.3, encode(b, 'hex')")).ShouldBe(["True|41"]);
            (await _bench.QueryAsync("select b from main.t", "pg")).Length.ShouldBe(1);
        }
        finally
        {
            await SetAsync("extra_float_digits to default");
            await SetAsync("bytea_output to default");
        }

        Task SetAsync(string setting) =>
            _bench.ExecuteAsync(
                $"do $do$ begin execute format('alter database %I set {setting.Replace("'", "''")}', current_database()); end $do$",
                "pg"
            );
    }

    [PostgresTheory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task Types_WithoutEquality_AreComparedByTheirText(Materialization materialized)
    {
        await _bench.ExecuteAsync("create schema types", "pg");
        await _bench.ExecuteAsync("create type types.pair as (a int, b json)", "pg");
        const string shape = "id int, j json[], x xml[], p types.pair";
        await LoadAsync(
            shape,
            """(1, array['{"a": 1}'::json], array['<a/>'::xml], row(1, '{}')), (3, null, null, null), (4, null, null, null)"""
        );
        var project = Model("select id, j, x, p from {rows}", materialized, key: "id");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync(
            shape,
            """(1, array['{"a": 2}'::json], array['<a/>'::xml], row(1, '{}')), (2, null, null, null), (3, null, null, null), (4, null, null, null)"""
        );

        var rows = (await _bench.BuildAsync(project)).ShouldSucceed().Node("t").Rows!;

        (rows.Inserted, rows.Updated).ShouldBe((1, 1));
        (await RowsAsync("id, j[1]")).ShouldBe(["1|{\"a\": 2}", "2|null", "3|null", "4|null"]);
    }

    [PostgresTheory]
    [InlineData()]
    [InlineData("id")]
    public async Task Table_WithAKeyOfItsOwn_TakesAnotherType(params string[] key)
    {
        await LoadAsync("id int, v text", "(1, 'one'), (2, 'two')");
        var project = Model("select id, v from {rows}", key: key);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("alter table main.t add primary key (id)", "pg");
        await LoadAsync("id bigint, v text", "(1, 'one'), (3, 'three')");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["1|one", "3|three"]);
        (
            await _bench.QueryAsync(
                "select data_type from information_schema.columns where table_schema = 'main' and table_name = 't' and column_name = 'id'",
                "pg"
            )
        ).ShouldBe(["bigint"]);
    }

    [PostgresTheory]
    [InlineData("distinct id, id as more")]
    [InlineData("distinct cast(id as text) as id")]
    public async Task View_ThatIsMadeAgain_KeepsItsOptionsAndOwner(string columns)
    {
        var role = $"owner_{Guid.NewGuid():N}";
        await LoadAsync("id int", "(1)");
        Support.ManifestBuilder Project(string select) =>
            _bench
                .Project()
                .Source("rows", connection: "pg")
                .Model("t", $"select {select} from {{rows}}", Materialization.View, connection: "pg");
        (await _bench.BuildAsync(Project("id"))).ShouldSucceed();
        await _bench.ExecuteAsync($"create role {role}", "pg");
        try
        {
            await _bench.ExecuteAsync($"grant create, usage on schema main to {role}", "pg");
            await _bench.ExecuteAsync(
                "alter view main.t set (check_option = local, security_barrier = true)",
                "pg"
            );
            await _bench.ExecuteAsync("grant select on main.t to public", "pg");
            await _bench.ExecuteAsync($"alter view main.t owner to {role}", "pg");

            (await _bench.BuildAsync(Project(columns))).ShouldSucceed();

            (
                await _bench.QueryAsync(
                    $"select reloptions::text, pg_get_userbyid(relowner) = '{role}', has_table_privilege('public', oid, 'select'), has_table_privilege('{role}', oid, 'update') from pg_class where oid = 'main.t'::regclass",
                    "pg"
                )
            ).ShouldBe(["{security_barrier=true}|True|True|True"]);
        }
        finally
        {
            await _bench.ExecuteAsync("drop schema main cascade", "pg");
            await _bench.ExecuteAsync($"drop owned by {role}", "pg");
            await _bench.ExecuteAsync($"drop role {role}", "pg");
        }
    }
}
