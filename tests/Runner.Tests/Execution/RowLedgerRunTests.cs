using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>
/// Random batches into a model, by every strategy: the ledger says what a list of rows in memory says, and what is
/// in the relation. The same on every engine.
/// </summary>
public abstract class RowLedgerRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private const int BatchesEach = 3;

    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await CleanAsync();
        await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(IncrementalStrategy.Append)]
    [InlineData(IncrementalStrategy.Merge)]
    [InlineData(IncrementalStrategy.DeleteInsert)]
    [InlineData(IncrementalStrategy.InsertOverwrite)]
    public void Ledger_OfRandomBatches_IsWhatHappened(IncrementalStrategy? strategy)
    {
        var row =
            from id in Gen.Frequency(
                (1, Gen.Constant((int?)null)),
                (6, Gen.Choose(0, 6).Select(i => (int?)i))
            )
            from v in Gen.Elements(null, "a", "b")
            select (id, v);
        var batches = Gen.CollectToArray(Enumerable.Repeat(Gen.ListOf(row), BatchesEach));
        Prop.ForAll(
                batches.ToArbitrary(),
                some =>
                    CheckAsync(
                            strategy,
                            [
                                .. some.Select(
                                    (batch, i) =>
                                        batch.Select((r, k) => new Row(r.id, r.v, 100 * i + k)).ToList()
                                ),
                            ]
                        )
                        .GetAwaiter()
                        .GetResult()
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3));
    }

    private async Task CheckAsync(IncrementalStrategy? strategy, List<List<Row>> batches)
    {
        await CleanAsync();
        var target = new List<Row>();
        for (var i = 0; i < batches.Count; i++)
        {
            await LoadAsync(batches[i]);
            var result = (await _bench.BuildAsync(Project(strategy))).ShouldSucceed();

            var rows = result.Node("target").Rows.ShouldNotBeNull();
            var expected = Apply(strategy, target, batches[i]);
            rows.In.ShouldBe(batches[i].Count);
            rows.Out.ShouldBe(target.Count);
            (await TargetAsync()).ShouldBe(target.Select(r => r.ToString()), ignoreOrder: true);
            (rows.MergedAway ?? 0).ShouldBe(expected.MergedAway);
            // a first build, and a swap, count no changes
            if (strategy is null || i == 0)
                continue;
            rows.Inserted.ShouldBe(expected.Inserted);
            rows.Updated.ShouldBe(expected.Updated);
            rows.Deleted.ShouldBe(expected.Deleted);
            (rows.Inserted + rows.Updated + rows.Unchanged + (rows.MergedAway ?? 0)).ShouldBe(rows.In);
        }
    }

    /// <summary>What a batch does, told once more and in memory.</summary>
    private static (int Inserted, int Updated, int Deleted, int MergedAway) Apply(
        IncrementalStrategy? strategy,
        List<Row> target,
        List<Row> batch
    )
    {
        if (strategy is null)
            target.Clear();
        if (strategy is null or IncrementalStrategy.Append)
        {
            target.AddRange(batch);
            return (batch.Count, 0, 0, 0);
        }
        if (strategy is not IncrementalStrategy.Merge)
        {
            var deleted = target.RemoveAll(row => batch.Any(other => other.Id == row.Id));
            target.AddRange(batch);
            return (batch.Count, 0, deleted, 0);
        }
        var latest = batch
            .GroupBy(row => row.Id ?? -1)
            .Select(group => group.MaxBy(row => row.Sequence)!)
            .ToList();
        var (inserted, updated) = (0, 0);
        foreach (var row in latest)
        {
            var at = target.FindIndex(other => other.Id == row.Id);
            if (at < 0)
            {
                target.Add(row);
                inserted++;
            }
            else
            {
                target[at] = row;
                updated++;
            }
        }
        return (inserted, updated, 0, batch.Count - latest.Count);
    }

    private Support.ManifestBuilder Project(IncrementalStrategy? strategy) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "target",
                "select * from {batch}",
                strategy is null ? Materialization.Table : Materialization.Incremental,
                config =>
                    config with
                    {
                        IncrementalStrategy = strategy,
                        UniqueKey = strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert
                            ? ["id"]
                            : [],
                        PartitionBy = strategy is IncrementalStrategy.InsertOverwrite ? ["id"] : [],
                        SequenceBy = strategy is IncrementalStrategy.Merge ? "seq" : null,
                    },
                connection
            );

    private async Task LoadAsync(List<Row> rows)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync("create table raw.batch (id int, v text, seq int)", connection);
        if (rows.Count == 0)
            return;
        var values = rows.Select(row =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"({row.Id?.ToString(CultureInfo.InvariantCulture) ?? "null"}, {(row.V is null ? "null" : $"'{row.V}'")}, {row.Sequence})"
            )
        );
        await _bench.ExecuteAsync($"insert into raw.batch values {string.Join(", ", values)}", connection);
    }

    private Task<string[]> TargetAsync() =>
        _bench.QueryAsync("select id, v, seq from main.target", connection);

    private async Task CleanAsync()
    {
        foreach (var schema in new[] { "raw", "_strata", "_strata_feed" })
            await _bench.ExecuteAsync($"drop schema if exists {schema} cascade", connection);
        await _bench.ExecuteAsync("create schema if not exists main", connection);
        await _bench.ExecuteAsync("drop table if exists main.target", connection);
    }

    private sealed record Row(int? Id, string? V, int Sequence)
    {
        public override string ToString() =>
            $"{Id?.ToString(CultureInfo.InvariantCulture) ?? "null"}|{V ?? "null"}|{Sequence}";
    }
}

public sealed class DuckDbRowLedgerTests() : RowLedgerRunTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresRowLedgerTests(PostgresDatabase database)
    : RowLedgerRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
