using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>
/// Every <c>on_schema_change</c> meets every change of columns with every strategy: what it allows enters with the rows, what it
/// does not leaves the relation as it was. One run builds a model of each strategy and mode: of what a test costs, most is the run.
/// </summary>
public abstract class SchemaChangeRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    /// <summary>How the query differs from <c>select k, d, v</c> when the second batch comes.</summary>
    public enum Change
    {
        Added,
        Removed,

        /// <summary><c>v</c> is a bigint, with values that would fit before.</summary>
        Widened,

        /// <summary><c>v</c> is a bigint, with values that did not.</summary>
        Outgrown,

        /// <summary><c>v</c> is a smallint, and all values fit.</summary>
        Narrowed,

        /// <summary><c>v</c> is a smallint, and a value that is published does not fit.</summary>
        NarrowedTooFar,

        /// <summary><c>v</c> is a text, and all values are numbers.</summary>
        Text,

        /// <summary>Columns, the key among them, are written in capitals.</summary>
        Case,
    }

    private static readonly (IncrementalStrategy Strategy, OnSchemaChange Mode)[] Models =
    [
        .. from strategy in Enum.GetValues<IncrementalStrategy>()
        from mode in Enum.GetValues<OnSchemaChange>()
        select (strategy, mode),
    ];

    private readonly Workbench _bench = new(postgres);

    public static TheoryData<Change> Cases() => [.. Enum.GetValues<Change>()];

    public async Task InitializeAsync()
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("create table raw.s (k int, d date, v int)", connection);
    }

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                "pg"
            );
        await _bench.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ColumnsChange_WhatTheModeAllowsEnters_WhatItDoesNotChangesNothing(Change change)
    {
        var first = change == Change.NarrowedTooFar ? "100000" : "10";
        await LoadAsync($"(1, date '2026-11-18', {first}), (2, date '2026-11-20', 20)");
        (await _bench.BuildAsync(Project("select k, d, v from {s}"))).ShouldSucceed();
        await LoadAsync("(2, date '2026-11-20', 21), (3, date '2026-11-21', 30)");

        var second = await _bench.BuildAsync(Project(Query(change)));

        var columns = await ColumnsAsync();
        foreach (var (strategy, mode) in Models)
        {
            var name = Name(strategy, mode);
            var expected = Expected(strategy, mode, change, first);
            var node = second.Node(name);
            var said = $"{strategy}, {mode}: {Workbench.Text(node.Diagnostics)}";
            (node.Outcome is Outcome.Succeeded).ShouldBe(expected.Problem is null, said);
            if (expected.Problem is { } code)
                node.Diagnostics.ShouldContain(d => d.Code == code, said);
            string.Join(", ", columns[name].Select(column => $"{column.Name} {column.Type}"))
                .ShouldBe(expected.Columns, said);
            (await RowsAsync(name, columns[name].Select(column => column.Name))).ShouldBe(
                expected.Rows,
                said
            );
        }
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    private static (string? Problem, string Columns, string[] Rows) Expected(
        IncrementalStrategy strategy,
        OnSchemaChange mode,
        Change change,
        string first
    )
    {
        var before = (Columns: "k integer, d date, v integer", Rows: new[] { $"1|{first}", "2|20" });
        var isSynced = mode == OnSchemaChange.SyncAllColumns;
        var refused =
            mode == OnSchemaChange.Fail && change != Change.Case
            || mode == OnSchemaChange.Ignore && change == Change.Removed;
        if (refused)
            return ("ST7009", before.Columns, before.Rows);
        // the engine says that the value does not fit
        if (change == Change.Outgrown && !isSynced || change == Change.NarrowedTooFar && isSynced)
            return ("ST5003", before.Columns, before.Rows);
        var (old, batch, columns) = change switch
        {
            Change.Added when mode == OnSchemaChange.Ignore => ("", "", before.Columns),
            Change.Added => ("|null", "|n", $"{before.Columns}, w {TextType}"),
            _ => ("", "", before.Columns),
        };
        var type = change switch
        {
            Change.Widened or Change.Outgrown => "bigint",
            Change.Text => TextType,
            _ => "smallint",
        };
        if (isSynced && change is Change.Widened or Change.Outgrown or Change.Narrowed or Change.Text)
            columns = $"k integer, d date, v {type}";
        var (two, three) = change == Change.Outgrown ? ("210000000000", "300000000000") : ("21", "30");
        if (change == Change.Removed)
            (two, three) = (strategy == IncrementalStrategy.Merge ? "20" : "null", "null");
        string[] rows = [$"1|{first}{old}", $"2|{two}{batch}", $"3|{three}{batch}"];
        if (strategy == IncrementalStrategy.Append)
            rows = [.. rows, $"2|20{old}"];
        if (isSynced && change == Change.Removed)
        {
            columns = "k integer, d date";
            rows = [.. rows.Select(row => row[..1])];
        }
        return (null, columns, [.. rows.Order(StringComparer.Ordinal)]);
    }

    private const string TextType = "text";

    private static string Query(Change change) =>
        change switch
        {
            Change.Added => "select k, d, v, cast('n' as text) as w from {s}",
            Change.Removed => "select k, d from {s}",
            Change.Widened => "select k, d, cast(v as bigint) as v from {s}",
            Change.Outgrown => "select k, d, cast(v as bigint) * 10000000000 as v from {s}",
            Change.Narrowed or Change.NarrowedTooFar => "select k, d, cast(v as smallint) as v from {s}",
            Change.Text => "select k, d, cast(v as text) as v from {s}",
            Change.Case => "select k as \"K\", d as \"D\", v as \"V\" from {s}",
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        };

    private Support.ManifestBuilder Project(string sql)
    {
        var project = _bench.Project().Source("s", connection: connection, eventTime: "d");
        foreach (var (strategy, mode) in Models)
        {
            project.Model(
                Name(strategy, mode),
                sql,
                Materialization.Incremental,
                config =>
                    config with
                    {
                        IncrementalStrategy = strategy,
                        OnSchemaChange = mode,
                        UniqueKey = strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert
                            ? ["k"]
                            : [],
                        PartitionBy = strategy == IncrementalStrategy.InsertOverwrite ? ["d"] : [],
                        EventTime = strategy == IncrementalStrategy.Microbatch ? "d" : null,
                        BatchSize = BatchSize.Day,
                        Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    },
                connection
            );
        }
        return project;
    }

    private static string Name(IncrementalStrategy strategy, OnSchemaChange mode) =>
        $"{strategy}_{mode}".ToLowerInvariant();

    private async Task LoadAsync(string values)
    {
        await _bench.ExecuteAsync("delete from raw.s", connection);
        await _bench.ExecuteAsync($"insert into raw.s values {values}", connection);
    }

    private async Task<ILookup<string, (string Name, string Type)>> ColumnsAsync()
    {
        var columns = await _bench.QueryAsync(
            "select table_name, column_name, lower(data_type) from information_schema.columns "
                + "where table_schema = 'main' order by table_name, ordinal_position",
            connection
        );
        return columns
            .Select(row => row.Replace("varchar", TextType).Split('|'))
            .ToLookup(row => row[0], row => (row[1], row[2]));
    }

    private async Task<string[]> RowsAsync(string name, IEnumerable<string> columns)
    {
        var rows = await _bench.QueryAsync(
            $"select {string.Join(", ", columns.Where(column => column != "d"))} from main.{name}",
            connection
        );
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}

public sealed class DuckDbSchemaChangeRunTests() : SchemaChangeRunTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresSchemaChangeRunTests(PostgresDatabase database)
    : SchemaChangeRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
