using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest.Models;
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

    /// <summary>Null for a table that is built anew each time.</summary>
    private static readonly IncrementalStrategy?[] Strategies =
    [
        null,
        IncrementalStrategy.Append,
        IncrementalStrategy.Merge,
        IncrementalStrategy.DeleteInsert,
        IncrementalStrategy.InsertOverwrite,
    ];

    [Fact]
    public void Ledger_OfRandomBatches_IsWhatHappened()
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
                    CheckAsync([
                            .. some.Select(
                                (batch, i) => batch.Select((r, k) => new Row(r.id, r.v, 100 * i + k)).ToList()
                            ),
                        ])
                        .GetAwaiter()
                        .GetResult()
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3));
    }

    private async Task CheckAsync(List<List<Row>> batches)
    {
        await CleanAsync();
        var targets = Strategies.Select(_ => new List<Row>()).ToArray();
        for (var i = 0; i < batches.Count; i++)
        {
            await LoadAsync(batches[i]);
            var result = (await _bench.BuildAsync(Project())).ShouldSucceed();
            foreach (var (strategy, target) in Strategies.Zip(targets))
                await CheckAsync(
                    result.Node(Target(strategy)),
                    strategy,
                    target,
                    batches[i],
                    isFirst: i == 0
                );
        }
    }

    private async Task CheckAsync(
        NodeResult node,
        IncrementalStrategy? strategy,
        List<Row> target,
        List<Row> batch,
        bool isFirst
    )
    {
        var name = Target(strategy);
        var rows = node.Rows.ShouldNotBeNull(name);
        var expected = Apply(strategy, target, batch);
        rows.In.ShouldBe(batch.Count, name);
        rows.Out.ShouldBe(target.Count, name);
        (await _bench.QueryAsync($"select id, v, seq from main.{name}", connection)).ShouldBe(
            target.Select(r => r.ToString()),
            ignoreOrder: true,
            name
        );
        (rows.MergedAway ?? 0).ShouldBe(expected.MergedAway, name);
        // a first build, and a swap, count no changes
        if (strategy is null || isFirst)
            return;
        rows.Inserted.ShouldBe(expected.Inserted, name);
        rows.Updated.ShouldBe(expected.Updated, name);
        rows.Deleted.ShouldBe(expected.Deleted, name);
        (rows.Inserted + rows.Updated + rows.Unchanged + (rows.MergedAway ?? 0)).ShouldBe(rows.In, name);
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

    private static string Target(IncrementalStrategy? strategy) =>
        $"target_{strategy?.ToString().ToLowerInvariant() ?? "table"}";

    /// <summary>A model of each strategy on the same batch, so that one run does them all.</summary>
    private Support.ManifestBuilder Project()
    {
        var project = _bench.Project().Source("batch", connection: connection);
        foreach (var strategy in Strategies)
        {
            project.Model(
                Target(strategy),
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
        }
        return project;
    }

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

    private async Task CleanAsync()
    {
        foreach (var schema in new[] { "raw", "_strata", "_strata_feed" })
            await _bench.ExecuteAsync($"drop schema if exists {schema} cascade", connection);
        await _bench.ExecuteAsync("create schema if not exists main", connection);
        foreach (var strategy in Strategies)
            await _bench.ExecuteAsync($"drop table if exists main.{Target(strategy)}", connection);
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
