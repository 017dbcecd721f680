using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>Incremental models, batch after batch; the same on every engine.</summary>
public abstract partial class IncrementalRunTests(string connection, PostgresDatabase? postgres)
    : IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync("drop schema if exists main, raw, _strata, _strata_kept cascade", "pg");
        await _bench.DisposeAsync();
    }

    private Support.ManifestBuilder Project(
        Func<ModelConfig, ModelConfig> config,
        string columns = "id, v",
        params string[] volatileColumns
    ) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "target",
                $"select {columns} from {{batch}}",
                Materialization.Incremental,
                config,
                connection,
                volatileColumns: volatileColumns
            );

    private async Task<NodeResult> RunBatchAsync(
        Func<ModelConfig, ModelConfig> config,
        string values,
        string shape = "id int, v text",
        string columns = "id, v",
        params string[] volatileColumns
    )
    {
        await LoadAsync(values, shape);
        var result = await _bench.BuildAsync(Project(config, columns, volatileColumns));
        result.ShouldSucceed();
        return result.Node("target");
    }

    private async Task LoadAsync(string values, string shape)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync($"create table raw.batch ({shape})", connection);
        if (values.Length > 0)
            await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }

    private Task<string[]> TargetAsync(string order = "1, 2") =>
        _bench.QueryAsync($"select * from main.target order by {order}", connection);

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    [Fact]
    public async Task Append_AddsEveryRow()
    {
        await RunBatchAsync(c => c, "(1, 'a')");
        var second = await RunBatchAsync(c => c, "(1, 'a'), (2, 'b')");

        (await TargetAsync()).ShouldBe(["1|a", "1|a", "2|b"]);
        second.Rows.ShouldBe(
            new RowCounts
            {
                In = 2,
                Out = 3,
                Inserted = 2,
                Updated = 0,
                Unchanged = 0,
                Deleted = 0,
            }
        );
    }

    [Fact]
    public async Task Merge_UpdatesInsertsAndLeavesAlone_NullKeysIncluded()
    {
        await RunBatchAsync(Keyed, "(1, 'a'), (2, 'b'), (null, 'n')");
        var second = await RunBatchAsync(Keyed, "(2, 'B'), (3, 'c'), (null, 'N'), (1, 'a')");

        (await TargetAsync("1 nulls first")).ShouldBe(["null|N", "1|a", "2|B", "3|c"]);
        second.Rows.ShouldBe(
            new RowCounts
            {
                In = 4,
                Out = 4,
                Inserted = 1,
                Updated = 2,
                Unchanged = 1,
                Deleted = 0,
            }
        );
    }

    [Fact]
    public async Task Merge_SameBatchAgain_ChangesNothingAndKeepsReadersFresh()
    {
        await RunBatchAsync(Keyed, "(1, 'a')");
        var project = Project(Keyed).Model("reader", "select * from {target}", connection: connection);
        (await _bench.BuildAsync(project)).ShouldSucceed();

        var again = (await _bench.BuildAsync(project)).ShouldSucceed();

        again.Node("target").Rows!.Unchanged.ShouldBe(1);
        again.OutcomeOf("reader").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task Merge_DuplicateKeysInBatch_AreRefusedWithTheKeys()
    {
        await RunBatchAsync(Keyed, "(1, 'a')");
        await LoadAsync("(2, 'x'), (2, 'y'), (3, 'z')", "id int, v text");

        var result = await _bench.BuildAsync(Project(Keyed));

        var error = result.Node("target").Diagnostics.Single();
        error.Code.ShouldBe("ST7007");
        error.Details.ShouldBe(["id = 2 (2 rows)"]);
        (await TargetAsync()).ShouldBe(["1|a"]);
    }

    [Fact]
    public async Task Merge_SequenceBy_TheLatestWinsWhateverTheOrderOfArrival()
    {
        static ModelConfig Config(ModelConfig c) => c with { UniqueKey = ["id"], SequenceBy = "seq" };
        const string Shape = "id int, seq int, v text";
        const string Columns = "id, seq, v";
        var first = await RunBatchAsync(Config, "(1, 5, 'five'), (1, 3, 'three')", Shape, Columns);
        await RunBatchAsync(Config, "(1, 4, 'late'), (2, 1, 'new')", Shape, Columns);

        (await TargetAsync()).ShouldBe(["1|5|five", "2|1|new"]);
        first.Rows!.MergedAway.ShouldBe(1);
    }

    [Fact]
    public async Task Merge_SequenceByThatTellsNoRowsApart_IsWarnedOf_CopiesAreNot()
    {
        static ModelConfig Config(ModelConfig c) => c with { UniqueKey = ["id"], SequenceBy = "seq" };
        const string Shape = "id int, seq int, v text";
        const string Columns = "id, seq, v";

        // of 1 two differ, of 2 the tie is not at the top, of 3 and null all are copies; of 4 nothing has a sequence
        var result = await RunBatchAsync(
            Config,
            "(1, 5, 'a'), (1, 5, 'b'), (1, 4, 'c'), (2, 9, 'x'), (2, 1, 'y'), (2, 1, 'z'), (3, 1, 'k'), (3, 1, 'k'), "
                + "(null, 1, 'n'), (null, 1, 'n'), (4, null, 'p'), (4, null, 'q')",
            Shape,
            Columns
        );

        result.Rows!.MergedAway.ShouldBe(7);
        var warning = result.Diagnostics.Single();
        warning.Code.ShouldBe("ST7019");
        warning.Message.ShouldStartWith("2 rows of 'target' lost to another with the same key (id)");
        (await TargetAsync()).Length.ShouldBe(5);
    }

    [Fact]
    public async Task Merge_VolatileColumn_IsCarriedButChangesNothing()
    {
        const string Shape = "id int, v text, updated_at int";
        const string Columns = "id, v, updated_at";
        await RunBatchAsync(Keyed, "(1, 'a', 100), (2, 'b', 100)", Shape, Columns, "updated_at");
        var second = await RunBatchAsync(Keyed, "(1, 'a', 200), (2, 'B', 200)", Shape, Columns, "updated_at");

        (await TargetAsync()).ShouldBe(["1|a|100", "2|B|200"]);
        second.Rows!.Updated.ShouldBe(1);
    }

    [Fact]
    public async Task Merge_UpdateColumns_LeavesOthersAsTheyWere()
    {
        static ModelConfig Config(ModelConfig c) => c with { UniqueKey = ["id"], MergeUpdateColumns = ["v"] };
        const string Shape = "id int, v text, w text";
        await RunBatchAsync(Config, "(1, 'a', 'a')", Shape, "id, v, w");
        await RunBatchAsync(Config, "(1, 'b', 'b'), (2, 'c', 'c')", Shape, "id, v, w");

        (await TargetAsync()).ShouldBe(["1|b|a", "2|c|c"]);
    }

    [Fact]
    public async Task DeleteInsert_ReplacesAllRowsOfAKey_NullsIncluded()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = ["id"],
                IncrementalStrategy = IncrementalStrategy.DeleteInsert,
            };
        await RunBatchAsync(Config, "(1, 'a'), (1, 'b'), (2, 'c'), (null, 'n')");
        await RunBatchAsync(Config, "(1, 'x'), (null, 'y'), (null, 'z')");

        (await TargetAsync("1 nulls first, 2")).ShouldBe(["null|y", "null|z", "1|x", "2|c"]);
    }

    [Fact]
    public async Task InsertOverwrite_ReplacesThePartitionsOfTheBatch()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                PartitionBy = ["id % 10"],
                IncrementalStrategy = IncrementalStrategy.InsertOverwrite,
            };
        await RunBatchAsync(Config, "(1, 'a'), (11, 'b'), (2, 'c'), (null, 'n')");
        await RunBatchAsync(Config, "(21, 'x'), (null, 'N')");

        (await TargetAsync("1 nulls first")).ShouldBe(["null|N", "2|c", "21|x"]);
    }

    [Fact]
    public async Task SchemaChange_Ignore_LeavesNewColumnsOutAndRefusesMissingOnes()
    {
        await RunBatchAsync(Keyed, "(1, 'a')");
        await RunBatchAsync(Keyed, "(2, 'b', 7)", "id int, v text, w int", "id, v, w");
        (await TargetAsync()).ShouldBe(["1|a", "2|b"]);

        await LoadAsync("(3)", "id int");
        var result = await _bench.BuildAsync(Project(Keyed, "id"));

        var error = result.Node("target").Diagnostics.Single();
        error.Code.ShouldBe("ST7009");
        error.Details.ShouldBe(["column 'v' is no longer in the query"]);
    }

    [Fact]
    public async Task SchemaChange_Append_AddsColumnsAndFillsMissingOnesWithNull()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = ["id"],
                OnSchemaChange = OnSchemaChange.AppendNewColumns,
            };
        await RunBatchAsync(Config, "(1, 'a')");
        await RunBatchAsync(Config, "(2, 7), (1, 8)", "id int, w int", "id, w");

        (await TargetAsync()).ShouldBe(["1|a|8", "2|null|7"]);
    }

    [Fact]
    public async Task SchemaChange_Sync_AddsDropsAndRetypes()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = ["id"],
                OnSchemaChange = OnSchemaChange.SyncAllColumns,
            };
        await RunBatchAsync(Config, "(1, 10, 'gone')", "id int, n int, v text", "id, n, v");
        await RunBatchAsync(Config, "(2, 3000000000, true)", "id int, n bigint, w boolean", "id, n, w");

        (await TargetAsync()).ShouldBe(["1|10|null", "2|3000000000|True"]);
    }

    [Fact]
    public async Task SchemaChange_Sync_ChangesRowsWhereTheyAreAfterOthersHaveGone()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = ["id"],
                OnSchemaChange = OnSchemaChange.SyncAllColumns,
            };
        await RunBatchAsync(Config, "(1, 10), (2, 20), (3, 30), (4, 40)", "id int, n int", "id, n");
        // rows that are replaced leave gaps behind
        await RunBatchAsync(Config, "(1, 11), (3, 31)", "id int, n int", "id, n");
        await RunBatchAsync(
            Config,
            "(2, 3000000000, 'b'), (3, 31, 'c'), (5, 50, 'e')",
            "id int, n bigint, w text",
            "id, n, w"
        );

        (await TargetAsync()).ShouldBe(["1|11|null", "2|3000000000|b", "3|31|c", "4|40|null", "5|50|e"]);
    }

    [Fact]
    public async Task SchemaChange_Fail_NamesEveryDifference()
    {
        static ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = ["id"],
                OnSchemaChange = OnSchemaChange.Fail,
            };
        await RunBatchAsync(Config, "(1, 'a')");
        await LoadAsync("(1, 'a', 1)", "id int, v text, w int");

        var result = await _bench.BuildAsync(Project(Config, "id, v, w"));

        result.Node("target").Diagnostics.Single().Details.ShouldHaveSingleItem().ShouldContain("column 'w'");
    }

    [Fact]
    public async Task UnknownKeyColumn_IsNamedWithASuggestion()
    {
        await LoadAsync("(1, 'a')", "id int, v text");

        var result = await _bench.BuildAsync(Project(c => c with { UniqueKey = ["ids"] }));

        var error = result.Node("target").Diagnostics.Single();
        error.Code.ShouldBe("ST7008");
        error.Hint.ShouldBe("did you mean 'id'?");
    }

    [Fact]
    public async Task FullRefresh_StartsOver()
    {
        await RunBatchAsync(Keyed, "(1, 'a')");
        await LoadAsync("(2, 'b')", "id int, v text");

        (await _bench.BuildAsync(Project(Keyed), r => r with { FullRefresh = true })).ShouldSucceed();

        (await TargetAsync()).ShouldBe(["2|b"]);
    }

    [Theory]
    [InlineData(IncrementalStrategy.Append)]
    [InlineData(IncrementalStrategy.Merge)]
    [InlineData(IncrementalStrategy.DeleteInsert)]
    [InlineData(IncrementalStrategy.InsertOverwrite)]
    public async Task FailingTest_SeesTheRowsAsTheyWouldBe_AndNothingIsPublished(IncrementalStrategy strategy)
    {
        ModelConfig Config(ModelConfig c) =>
            c with
            {
                UniqueKey = strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert
                    ? ["id"]
                    : [],
                PartitionBy = ["id"],
                IncrementalStrategy = strategy,
            };
        Support.ManifestBuilder Tested() =>
            Project(Config)
                .Test(
                    "none_of_it",
                    "select * from {target} where v = 'bad' and id in (select id from {target})",
                    connection: connection
                );
        await LoadAsync("(1, 'a'), (2, 'b')", "id int, v text");
        (await _bench.BuildAsync(Tested())).ShouldSucceed();
        await LoadAsync("(2, 'bad')", "id int, v text");

        var result = await _bench.BuildAsync(Tested());

        result.OutcomeOf("target").ShouldBe(Outcome.Failed);
        result
            .Node("target")
            .Tests.Single()
            .Failures.ShouldBe(strategy == IncrementalStrategy.Append ? 1 : 1);
        (await TargetAsync()).ShouldBe(["1|a", "2|b"]);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Materialization.View)]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    [InlineData(Materialization.Snapshot)]
    public async Task AColumnThatIsGivenTwice_IsRefused_AndOneThatIsCalledSo_IsNot(
        Materialization materialized
    )
    {
        Support.ManifestBuilder Of(string sql) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "target",
                    sql,
                    materialized,
                    c =>
                        c with
                        {
                            UniqueKey = materialized == Materialization.Snapshot ? ["id"] : [],
                            Snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Check },
                        },
                    connection
                );
        await LoadAsync("(1, 'a')", "id int, v text");

        var doubled = await _bench.BuildAsync(Of("select *, id as v, v as more, id from {batch};"));

        var error = doubled.Node("target").Diagnostics.Single();
        error.Code.ShouldBe("ST4011");
        error.Message.ShouldBe("the query of 'target' returns columns more than once: id, v");
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
        (
            await _bench.BuildAsync(Of("select *, v as v_1, id as v_2, v as id_x from {batch}"))
        ).ShouldSucceed();
        (await _bench.QueryAsync("select v_1, v_2, id_x from main.target", connection)).ShouldBe(["a|1|a"]);
    }
}

public sealed class DuckDbIncrementalRunTests() : IncrementalRunTests("duck", null);
