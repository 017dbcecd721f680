using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Rollback;

/// <summary>Views and columns that go back.</summary>
public abstract partial class RollbackRunTests
{
    [Fact]
    public async Task AView_GetsItsOldDefinitionBack()
    {
        Support.ManifestBuilder View(string sql) =>
            One(Materialization.Table).Model("v", sql, Materialization.View, null, connection);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(View("select count(*) as n from {m}"));
        var before = await DumpAsync("v");
        var second = await BuildAsync(View("select count(*) as n, min(v) as least from {m}"));
        var between = await DumpAsync("v");
        await BuildAsync(View("select max(v) as n, 1 as least from {m}"));

        (await _bench.RollbackAsync(View("select 1"), second)).ShouldBeBack();
        (await DumpAsync("v")).ShouldBe(between);
        (await _bench.RollbackAsync(View("select 1"), first)).ShouldBeBack();
        (await DumpAsync("v")).ShouldBe(before);
    }

    [Fact]
    public async Task ColumnsThatCameAndChanged_GoBack_UnderAView()
    {
        Support.ManifestBuilder Shape(string columns, string view) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m",
                    $"select {columns} from {{batch}}",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id", "v"], OnSchemaChange = OnSchemaChange.SyncAllColumns },
                    connection
                )
                .Model(
                    "v",
                    view,
                    Materialization.View,
                    c => c with { Publish = PublishMode.Run },
                    connection
                );
        await LoadAsync("(1, 'a', 1.5), (2, 'b', null)");
        var first = await BuildAsync(Shape("id, v", "select id, v from {m}"));
        var before = await DumpAsync("m", "v");
        await LoadAsync("(2, 'b', 7), (3, 'c', 1)");
        await BuildAsync(Shape("id, v, x", "select id, v, x from {m}"));
        await LoadAsync("(3, 'c', 9)");
        await BuildAsync(Shape("id, v, x", "select id, v, x from {m}"));

        (await _bench.RollbackAsync(Shape("id, v", "select id, v from {m}"), first)).ShouldBeBack();

        (await DumpAsync("m", "v")).ShouldBe(before);
    }

    [Fact]
    public async Task AViewUnderAView_GetsItsColumnsBack()
    {
        Support.ManifestBuilder Views(string columns) =>
            One(Materialization.Table)
                .Model("v1", $"select {columns} from {{m}}", Materialization.View, null, connection)
                .Model("v2", "select id from {v1}", Materialization.View, null, connection);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Views("id"));
        var before = await DumpAsync("v1", "v2");
        await BuildAsync(Views("id, v"));

        (await _bench.RollbackAsync(Views("id"), first)).ShouldBeBack();

        (await DumpAsync("v1", "v2")).ShouldBe(before);
        (await _bench.BuildAsync(Views("id"))).ShouldSucceed();
    }

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.View)]
    public async Task AViewThatReadsWhatWasNotThere_GetsItsOldDefinitionBack(Materialization added)
    {
        Support.ManifestBuilder Before() =>
            One(Materialization.Table)
                .Model("v2", "select id from {m}", Materialization.View, null, connection)
                .Model("v3", "select id from {v2}", Materialization.View, null, connection);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Before());
        var before = await DumpAsync("v2", "v3");
        await BuildAsync(
            One(Materialization.Table)
                .Model("n", "select id + 1 as id from {m}", added, null, connection)
                .Model("v2", "select id from {n}", Materialization.View, null, connection)
                .Model("v3", "select id from {v2}", Materialization.View, null, connection)
        );

        (await _bench.RollbackAsync(Before(), first)).ShouldBeBack();

        (await DumpAsync("v2", "v3")).ShouldBe(before);
        (
            await _bench.QueryAsync(
                "select table_name from information_schema.tables where table_schema = 'main' and table_name = 'n'",
                connection
            )
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task AColumnThatCameAndWentBack_ComesAgainOfAnotherType_AlsoToReadersOfChanges()
    {
        Support.ManifestBuilder With(string columns, string read) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m",
                    $"select {columns} from {{batch}}",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id"], OnSchemaChange = OnSchemaChange.AppendNewColumns },
                    connection
                )
                .Model(
                    "log",
                    $"select {read} from {{changes m}}",
                    Materialization.Incremental,
                    c => c with { OnSchemaChange = OnSchemaChange.AppendNewColumns },
                    connection
                );
        await LoadAsync("(1, 'a', 1.5)");
        var first = await BuildAsync(With("id", "id"));
        await LoadAsync("(2, 'b', 2.5)");
        await BuildAsync(With("id, cast(x as int) as x", "id, x"));

        (await _bench.RollbackAsync(With("id", "id"), first)).ShouldBeBack();
        await LoadAsync("(3, 'c', 3.25)");
        await BuildAsync(With("id, x", "id, x"));

        (await DumpAsync("m")).ShouldBe("m: 1|null ; 3|3.25");
        (await _bench.QueryAsync("select x from main.log where id = 3", connection)).ShouldBe(["3.25"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ACdcModel_WhoseEventsGotAColumn_LosesItAgain(int scdType)
    {
        Support.ManifestBuilder Cdc(string columns) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model(
                    "m",
                    $"select {columns} from {{batch}}",
                    Materialization.Cdc,
                    c =>
                        c with
                        {
                            UniqueKey = ["k"],
                            Cdc = new CdcConfig
                            {
                                SequenceBy = ["seq"],
                                ScdType = scdType,
                                IgnoreNullUpdates = true,
                            },
                        },
                    connection
                );
        await LoadAsync(Events[0], EventShape);
        await BuildAsync(Cdc("k, seq, a"));
        await LoadAsync(Events[1], EventShape);
        var second = await BuildAsync(Cdc("k, seq, a"));
        var dump = await DumpAsync("m") + await RememberedAsync();
        await LoadAsync(Events[2], EventShape);
        await BuildAsync(Cdc("k, seq, a"));
        var expected = await DumpAsync("m") + await RememberedAsync();
        (await _bench.RollbackAsync(Cdc("k, seq, a"), second)).ShouldBeBack();
        await BuildAsync(Cdc("k, seq, a, b"));

        (await _bench.RollbackAsync(Cdc("k, seq, a"), second)).ShouldBeBack();
        (await DumpAsync("m") + await RememberedAsync()).ShouldBe(dump);
        await BuildAsync(Cdc("k, seq, a"));

        (await DumpAsync("m") + await RememberedAsync()).ShouldBe(expected);
    }
}
