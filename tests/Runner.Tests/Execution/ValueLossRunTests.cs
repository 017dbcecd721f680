using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>
/// A batch whose values an engine would change in silence on their way into a table is refused, and one whose values stay the
/// same is not. Of each engine one run has a model of each case: of what a test costs, most is the run.
/// </summary>
public sealed class ValueLossRunTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    /// <param name="To">The type of the table.</param>
    /// <param name="Value">What the query gives, with its type.</param>
    private sealed record Case(string To, string Value);

    private static readonly ImmutableArray<Case> LostByDuckDb =
    [
        new("boolean", "2"),
        new("boolean", "0.5"),
        new("boolean", "0.5::double"),
        new("integer[]", "[1.7]"),
        new("integer[][]", "[[1.7, null]]"),
        new("integer[2]", "array_value(1.7, 2)"),
        new("struct(a integer)", "{'a': 1.5}"),
        new("struct(a integer)", "{'a': 1, 'b': 2}"),
        new("struct(a struct(b date))", "{'a': {'b': timestamp '2026-01-01 10:00:00'}}"),
        new("map(varchar, integer)", "map {'a': 1.5}"),
        new("float", "16777217"),
        new("double", "9007199254740993"),
        new("double", "9223372036854775807"),
        new("double", "170141183460469231731687303715884105727::hugeint"),
        new("double", "9007199254740993::decimal(38,2)"),
        new("double", "12345678901234567890.12::decimal(38,2)"),
        new("float", "16777217.25::double"),
        new("time", "'10:00:00.1234567'"),
        new("time", "timestamp '2026-01-01 10:00:00'"),
        new("time", "timetz '10:00:00+05'"),
        new("timestamp", "'2026-01-01 10:00:00.1234567'"),
        new("timestamptz", "'2026-01-01 10:00:00.1234567+00'"),
        new("timestamp_ms", "'2026-01-01 10:00:00.0001'"),
        new("timestamp_s", "timestamp '2026-01-01 10:00:00.5'"),
        new("date", "timestamptz '2026-01-01 10:00:00+00'"),
        new("bigint", "1.5"),
        new("decimal(4,1)", "1.25"),
    ];

    private static readonly ImmutableArray<Case> KeptByDuckDb =
    [
        new("boolean", "1"),
        new("boolean", "0::double"),
        new("boolean", "'true'"),
        new("integer", "true"),
        new("integer[]", "[1.0, null]"),
        new("double[]", "[0.1::decimal(3,1), null]"),
        new("float[]", "['0.1', '-0.0', 'nan', null]::double[]"),
        new("float[2]", "[0.1, 3]::double[2]"),
        new("bigint[]", "[1, 2]"),
        new("struct(a bigint)", "{'a': 1.0}"),
        new("struct(a integer, b varchar)", "{'b': 'x', 'a': 1.0}"),
        new("struct(a integer, b varchar)", "{'a': 1}"),
        new("struct(a varchar)", "{'a': 1.5}"),
        new("map(varchar, double)", "map {'a': 0.1}"),
        new("union(n integer, s varchar)", "5"),
        new("json", "{'a': 1.5}"),
        new("struct(a integer)", "'{\"a\":  1}'::json"),
        new("float", "16777216"),
        new("float", "0.1::double"),
        new("float", "'nan'::double"),
        new("float", "'-infinity'::double"),
        new("float", "16777216.25"),
        new("double", "0.1"),
        new("double", "0.1::float"),
        new("double", "9007199254740992"),
        new("double", "0.33333333333333333333::decimal(38,20)"),
        new("double", "'0.1'"),
        new("time", "'10:00:00.123456'"),
        new("timestamp", "'9999-12-31 10:00:00'"),
        new("timestamp", "'2026-01-01 10:00:00.123456'"),
        new("timestamp", "'2026-01-01 10:00:00.12345600'"),
        new("timestamp_ns", "'2026-01-01 10:00:00.1234567'"),
        new("timestamp", "date '2026-01-01'"),
        new("timestamptz", "timestamp '2026-01-01 10:00:00'"),
        new("varchar", "0.1::double"),
        new("varchar", "{'a': 1}"),
        new("enum('a', 'b')", "'a'"),
        new("enum('a', 'b')", "'b'::enum('b')"),
        new("decimal(38,2)", "12345678.25"),
        new("uuid", "'12345678-1234-1234-1234-123456789ABC'"),
        new("blob", "'a'"),
        new("hugeint", "9223372036854775807"),
    ];

    private static readonly ImmutableArray<Case> LostByPostgres =
    [
        new("boolean", "2"),
        new("integer[]", "array[1.7]"),
        new("integer[]", "array[[1.0], [1.7]]"),
        new("varchar(2)[]", "array['abc']"),
        new("date[]", "array[timestamp '2026-01-01 10:00:00']"),
        new("double precision", "9007199254740993"),
        new("double precision", "9223372036854775807"),
        new("double precision", "9007199254740993.0"),
        new("real", "16777217"),
        new("real", "16777217::float8"),
        new("timestamp", "'2026-01-01 10:00:00+05'::text"),
        new("timestamp(0)", "'2026-01-01 10:00:00.7'::text"),
        new("timestamptz(0)", "timestamp '2026-01-01 10:00:00.7'"),
        new("timestamp(0)", "timestamptz '2026-01-01 10:00:00.7+00'"),
        new("time", "timestamp '2026-01-01 10:00:00'"),
        new("time", "timestamptz '2026-01-01 10:00:00+00'"),
        new("time", "interval '26 hours'"),
        new("time", "timetz '10:00:00+05'"),
        new("money", "1.234"),
        new("cidr", "inet '10.0.0.5/24'"),
        new("bit(2)", "5"),
        new("integer", "'1.7'::jsonb"),
        new("bigint", "1.5"),
    ];

    private static readonly ImmutableArray<Case> KeptByPostgres =
    [
        new("boolean", "1"),
        new("boolean", "'yes'::text"),
        new("integer", "true"),
        new("integer[]", "array[1.0, null]"),
        new("integer[]", "null::numeric[]"),
        new("double precision[]", "array[0.33333333333333333333]"),
        new("real[]", "array[0.1, 'nan', '-infinity']::float8[]"),
        new("text[]", "array[1.5]"),
        new("double precision", "9007199254740992"),
        new("double precision", "1152921504606846976"),
        new("double precision", "0.33333333333333333333"),
        new("double precision", "'nan'::numeric"),
        new("real", "0.1::float8"),
        new("real", "'infinity'::float8"),
        new("timestamp", "'2026-01-01 10:00:00'::text"),
        new("timestamp", "'2026-01-01 10:00:00Z'::text"),
        new("timestamp", "date '2026-01-01'"),
        new("timestamptz", "timestamp '2026-01-01 10:00:00.7'"),
        new("timestamptz", "'2026-01-01 10:00:00+05'::text"),
        new("time", "interval '2 hours'"),
        new("money", "1.25"),
        new("money", "5"),
        new("jsonb", "'{\"b\": 1, \"a\": 2}'::json"),
        new("jsonb", "'{\"b\":1}'::text"),
        new("cidr", "inet '10.0.0.0/24'"),
        new("integer", "'17'::jsonb"),
        new("numeric", "0.1::float8"),
        new("numeric(10,2)", "1.25::float8"),
        new("text", "array[1]"),
        new("inet", "cidr '10.0.0.0/24'"),
        new("uuid", "'12345678-1234-1234-1234-123456789ABC'::text"),
    ];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync("drop schema if exists main, raw, _strata, _strata_kept cascade", "pg");
        await _bench.DisposeAsync();
    }

    [Fact]
    public Task DuckDb_ValuesThatWouldChange_AreRefused() => CheckAsync("duck", LostByDuckDb, isLost: true);

    [Fact]
    public Task DuckDb_ValuesThatStayTheSame_EnterTheTable() =>
        CheckAsync("duck", KeptByDuckDb, isLost: false);

    [Fact]
    [Trait("Engine", "postgres")]
    public Task Postgres_ValuesThatWouldChange_AreRefused() => CheckAsync("pg", LostByPostgres, isLost: true);

    [Fact]
    [Trait("Engine", "postgres")]
    public Task Postgres_ValuesThatStayTheSame_EnterTheTable() =>
        CheckAsync("pg", KeptByPostgres, isLost: false);

    /// <summary>Whatever has moved the types: the model's own text is the same all the time.</summary>
    [Fact]
    public async Task Types_ThatAnInputHasMoved_AreSaidOnce()
    {
        await _bench.ExecuteAsync("create schema raw");
        await _bench.ExecuteAsync("create table raw.rows as select 1 as id, 1 as v");
        var project = _bench
            .Project()
            .Source("rows", connection: "duck")
            .Model(
                "t",
                "select id, v from {rows}",
                Materialization.Incremental,
                config => config with { UniqueKey = ["id"] },
                "duck"
            );
        (await _bench.BuildAsync(project)).ShouldSucceed();

        List<bool> said = [];
        foreach (var type in (string[])["bigint", "bigint", "smallint", "integer", "smallint"])
        {
            await _bench.ExecuteAsync($"create or replace table raw.rows as select 2 as id, 5::{type} as v");
            var result = (await _bench.BuildAsync(project)).ShouldSucceed();
            said.Add(result.Node("t").Diagnostics.Any(diagnostic => diagnostic.Code == "ST7101"));
        }

        said.ShouldBe([true, false, true, false, true]);
    }

    private async Task CheckAsync(string connection, ImmutableArray<Case> cases, bool isLost)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await LoadAsync(connection, cases.Select(one => $"cast(null as {one.To})"));
        (await _bench.BuildAsync(Project(connection, cases))).ShouldSucceed();
        await LoadAsync(connection, cases.Select(one => one.Value));

        var result = await _bench.BuildAsync(Project(connection, cases));

        List<string> wrong = [];
        for (var i = 0; i < cases.Length; i++)
        {
            var node = result.Node($"m{i}");
            var isRefused = node.Diagnostics.Any(diagnostic => diagnostic.Code == "ST7023");
            var rows = await _bench.QueryAsync($"select count(*) from main.m{i}", connection);
            if (
                isRefused != isLost
                || node.Outcome is Outcome.Succeeded == isLost
                || rows[0] != (isLost ? "1" : "2")
            )
                wrong.Add(
                    $"{cases[i].Value} in {cases[i].To}: {node.Outcome} {Workbench.Text(node.Diagnostics)}"
                );
        }
        string.Join("\n", wrong).ShouldBeEmpty();
    }

    private async Task LoadAsync(string connection, IEnumerable<string> values)
    {
        var id = await _bench.QueryAsync(
            "select count(*) from information_schema.tables where table_schema = 'raw'",
            connection
        );
        await _bench.ExecuteAsync("drop table if exists raw.rows", connection);
        var columns = string.Join(", ", values.Select((value, i) => $"{value} as c{i}"));
        await _bench.ExecuteAsync($"create table raw.rows as select {id[0]} as id, {columns}", connection);
    }

    private Support.ManifestBuilder Project(string connection, ImmutableArray<Case> cases)
    {
        var project = _bench.Project().Source("rows", connection: connection);
        for (var i = 0; i < cases.Length; i++)
            project.Model(
                $"m{i}",
                $"select id, c{i} as v from {{rows}}",
                Materialization.Incremental,
                config => config with { UniqueKey = ["id"] },
                connection
            );
        return project;
    }
}
