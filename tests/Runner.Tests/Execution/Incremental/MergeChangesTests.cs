using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>
/// Merges on DuckDB whose changes somebody reads: they are found once, by key and then by place, and written as they were found.
/// </summary>
public sealed class MergeChangesTests : IAsyncLifetime
{
    private const int History = 500_000;

    private readonly Workbench _bench = new(threads: 2);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("i between 1000 and 1100 or i between 250000 and 250100 or i between 499900 and 500050")]
    [InlineData("i % 7000 = 3 or i > 500000 and i < 500010")]
    [InlineData("i = 42")]
    [InlineData("i between 600000 and 600200")]
    [InlineData("i < 0")]
    public async Task WhereverTheRowsLie_TableAndFeedAndWhatLeadsBackAgree(string which)
    {
        var project = Project();
        await LoadAsync($"select i as id, 'old' as v, i % 10 as other from range({History}) as t(i)");
        var first = (await _bench.BuildAsync(project)).ShouldSucceed();
        var before = await HashAsync();
        await LoadAsync(
            $"select i as id, case when i % 3 = 0 then 'old' else 'new' end as v, i % 10 as other from range(-5, 700000) as t(i) where {which}"
        );
        var expected = await _bench.QueryAsync(
            $"""
            select count(*), count(*) filter (where id < {History} and id >= 0 and v = 'new'), count(*) filter (where id >= {History} or id < 0)
            from raw.batch
            """
        );
        var counts = expected[0].Split('|').Select(long.Parse).ToArray();

        var run = (await _bench.BuildAsync(project)).ShouldSucceed();

        run.Node("up").Rows!.Updated.ShouldBe(counts[1]);
        run.Node("up").Rows!.Inserted.ShouldBe(counts[2]);
        (
            await _bench.QueryAsync(
                "select count(*) from main.up full join (select id, v, other from raw.batch) as b using (id) where b.id is not null and (up.v is distinct from b.v or up.other is distinct from b.other)"
            )
        ).ShouldBe(["0"]);
        (await _bench.QueryAsync("select count(*), count(distinct id) from main.up")).ShouldBe([
            $"{History + counts[2]}|{History + counts[2]}",
        ]);
        (await _bench.QueryAsync("select _change, count(*) from main.log group by 1 order by 1")).ShouldBe([
            .. new[] { ("insert", History + counts[2]), ("update", counts[1]) }
                .Where(change => change.Item2 > 0)
                .Select(change => $"{change.Item1}|{change.Item2}"),
        ]);
        (
            await _bench.QueryAsync(
                "select table_catalog || '.' || table_name from information_schema.tables where table_catalog in ('strata_memory', 'temp')"
            )
        ).ShouldBeEmpty();

        (await _bench.RollbackAsync(project, first.Plan.RunId)).ShouldBeBack();
        (await HashAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task SeveralRowsOfAKey_ThatOthersHaveWritten_ChangeOneByOne()
    {
        var project = Project();
        await LoadAsync("select 1 as id, 'a' as v, 1 as other union all select 2, 'b', 1");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("insert into main.up values (1, 'A', 1)");
        await LoadAsync("select 1 as id, 'A' as v, 1 as other union all select 3, 'c', 1");

        var run = (await _bench.BuildAsync(project)).ShouldSucceed();

        run.Node("up").Rows!.Updated.ShouldBe(1);
        (await _bench.QueryAsync("select id, v from main.up order by all")).ShouldBe([
            "1|A",
            "1|A",
            "2|b",
            "3|c",
        ]);
    }

    [Fact]
    public async Task AColumnThatTheBatchDoesNotFill_StaysWhereARowChanges_AndTakesItsDefaultInANewOne()
    {
        var project = Project(c => c with { OnSchemaChange = OnSchemaChange.AppendNewColumns });
        await LoadAsync("select 1 as id, 'a' as v, 1 as other");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("alter table main.up alter column other set default 7");
        await LoadAsync("select 1 as id, 'A' as v union all select 2, 'b'");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select id, v, other from main.up order by id")).ShouldBe([
            "1|A|1",
            "2|b|7",
        ]);
    }

    private ManifestBuilder Project(Func<ModelConfig, ModelConfig>? config = null) =>
        _bench.MergeProject(config, read: "id, v, _change");

    private Task<string[]> HashAsync() =>
        _bench.QueryAsync("select count(*), sum(hash(id, v, other)) from main.up");

    private Task LoadAsync(string query) => _bench.LoadBatchAsync(query);
}
