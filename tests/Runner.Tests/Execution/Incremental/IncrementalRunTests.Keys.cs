using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>Tables that another definition has made, by another key or by the same.</summary>
public abstract partial class IncrementalRunTests
{
    [Theory]
    [InlineData("merge", true)]
    [InlineData("merge of latest", true)]
    [InlineData("delete+insert", false)]
    [InlineData("delete+insert of latest", true)]
    public async Task AnotherKey_OfWhichTheTableHasSeveralRows_IsRefused_WhereAKeyNamesOneRow(
        string strategy,
        bool isRefused
    )
    {
        ModelConfig By(ModelConfig config, params string[] key) =>
            config with
            {
                UniqueKey = [.. key],
                SequenceBy = strategy.EndsWith("latest", StringComparison.Ordinal) ? "v" : null,
                IncrementalStrategy = strategy.StartsWith("merge", StringComparison.Ordinal)
                    ? IncrementalStrategy.Merge
                    : IncrementalStrategy.DeleteInsert,
            };
        string[] rows = ["null|b", "null|c", "1|b"];
        await RunBatchAsync(c => By(c, "id", "v"), "(null, 'b'), (null, 'c'), (1, 'b')");
        await LoadAsync("(null, 'd')", "id int, v text");

        var changed = await _bench.BuildAsync(Project(c => By(c, "id")));

        changed.IsSuccess.ShouldBe(!isRefused);
        if (!isRefused)
            return;
        var error = changed.Node("target").Diagnostics.Single();
        error.Code.ShouldBe("ST7029");
        error.Details[0].ShouldBe("id = null (2 rows)");
        (await TargetAsync()).Order(StringComparer.Ordinal).ShouldBe(rows.Order(StringComparer.Ordinal));
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherKey_WithOneRowEach_GoesOn_AndIsNotLookedForAgain()
    {
        await RunBatchAsync(c => c with { UniqueKey = ["id", "v"] }, "(1, 'a'), (2, 'b')");
        await RunBatchAsync(Keyed, "(1, 'c')");
        (await TargetAsync()).ShouldBe(["1|c", "2|b"]);

        // rows that somebody else has added are no matter of a model that is as it was
        await _bench.ExecuteAsync("insert into main.target values (2, 'x')", connection);
        await RunBatchAsync(Keyed, "(1, 'd')");
    }

    [Fact]
    public async Task AnotherDefinitionWithTheSameKey_NeedNotLookAtTheTable()
    {
        await RunBatchAsync(Keyed, "(1, 'a'), (2, 'b')");
        // only who looks finds it: a look reads the whole history, which a batch need not
        await _bench.ExecuteAsync("insert into main.target values (2, 'x')", connection);

        await RunBatchAsync(Keyed, "(1, 'c')", columns: "id, upper(v) as v");
        await RunBatchAsync(c => c with { UniqueKey = ["v", "id"] }, "(1, 'c')");
        await LoadAsync("(1, 'd')", "id int, v text");
        var narrower = await _bench.BuildAsync(Project(Keyed));

        narrower.Node("target").Diagnostics.Single().Code.ShouldBe("ST7029");
    }

    [Theory]
    [InlineData("predicates")]
    [InlineData("append")]
    [InlineData("delete+insert")]
    [InlineData("overwrite")]
    [InlineData("earlier state")]
    public async Task WhatDoesNotMakeOneRowOfAKey_LeavesItOpen(string before)
    {
        ModelConfig Other(ModelConfig config) =>
            before switch
            {
                "predicates" => Keyed(config) with { IncrementalPredicates = ["target.v <> 'a'"] },
                "append" => config with { IncrementalStrategy = IncrementalStrategy.Append },
                "delete+insert" => Keyed(config) with
                {
                    IncrementalStrategy = IncrementalStrategy.DeleteInsert,
                },
                "overwrite" => config with
                {
                    IncrementalStrategy = IncrementalStrategy.InsertOverwrite,
                    PartitionBy = ["v"],
                },
                _ => Keyed(config),
            };
        await RunBatchAsync(Keyed, "(1, 'a'), (2, 'a')");
        await RunBatchAsync(
            Other,
            "(3, 'c'), (3, 'd')"[..(before is "predicates" or "earlier state" ? 8 : 18)]
        );
        if (before is "predicates" or "earlier state")
            await _bench.ExecuteAsync("insert into main.target values (3, 'd')", connection);
        if (before == "earlier state")
            await _bench.DowngradeStateAsync(connection, 9);
        await LoadAsync("(1, 'd')", "id int, v text");

        var merged = await _bench.BuildAsync(Project(Keyed, "id, upper(v) as v"));

        merged.Node("target").Diagnostics.Single().Code.ShouldBe("ST7029");
    }

    [Theory]
    [InlineData("'1.0', '1'", true)]
    [InlineData("'1.5', '1'", false)]
    public async Task AKeyThatGetsAnotherType_IsLookedAtAsWhatItWillBe(string ids, bool isRefused)
    {
        static ModelConfig Synced(ModelConfig config) =>
            Keyed(config) with
            {
                OnSchemaChange = OnSchemaChange.SyncAllColumns,
            };
        var keys = ids.Split(", ");
        await RunBatchAsync(Synced, $"({keys[0]}, 'a'), ({keys[1]}, 'b'), ('2', 'c')", "id text, v text");
        await LoadAsync("(1, 'new')", "id decimal(5, 1), v text");

        var changed = await _bench.BuildAsync(Project(Synced));

        changed.IsSuccess.ShouldBe(!isRefused);
        if (isRefused)
            changed.Node("target").Diagnostics.Single().Code.ShouldBe("ST7029");
        else
            (await _bench.QueryAsync("select v from main.target order by 1", connection)).ShouldBe([
                "a",
                "c",
                "new",
            ]);
    }

    [Fact]
    public async Task AStateThatDoesNotKnowTheKey_KnowsItAfterTheNextBatch()
    {
        await RunBatchAsync(Keyed, "(1, 'a'), (2, 'b')");
        await _bench.DowngradeStateAsync(connection, 9);

        await RunBatchAsync(Keyed, "(1, 'c')");

        (
            await _bench.QueryAsync(
                "select row_key from _strata.nodes where node = 'model.shop.target'",
                connection
            )
        ).ShouldBe(["[\"id\"]"]);
    }
}
