using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>
/// Batch after batch gives what a recomputation over all batches gives, for each strategy, with nulls among keys,
/// partitions, event times and values; and rows that compete for a key by <c>sequence_by</c>, in order or not.
/// </summary>
public abstract class IncrementalPropertyTests(string connection, PostgresDatabase? postgres)
{
    private const string Sequenced = "sequenced";

    private sealed record Row(int? Id, int? Day, int? Value)
    {
        public override string ToString() => $"{Text(Id)}|{Text(Day)}|{Text(Value)}";

        public string Sql() =>
            $"({Text(Id)}, {(Day is { } day ? $"date '2026-11-{17 + day}'" : "null")}, {Text(Value)})";

        private static string Text(int? value) =>
            value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";
    }

    private static readonly IncrementalStrategy[] Strategies = Enum.GetValues<IncrementalStrategy>();

    private static readonly string[] Targets = [.. Strategies.Select(Target), Sequenced];

    [Fact]
    public void Batches_OneAfterTheOther_GiveWhatARecomputationGives()
    {
        var few = Gen.Frequency((1, Gen.Constant<int?>(null)), (3, Gen.Choose(1, 3).Select(n => (int?)n)));
        var row = from id in few from day in few from value in few select new Row(id, day, value);
        var batches =
            from count in Gen.Choose(2, 3)
            from rows in Gen.ArrayOf(
                from size in Gen.Choose(0, 5)
                from some in Gen.ArrayOf(row, size)
                select some,
                count
            )
            select rows;
        Prop.ForAll(batches.ToArbitrary(), some => HoldsAsync(some).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(postgres is null ? 4 : 2).WithEndSize(10));
    }

    /// <summary>One run builds a model of each strategy.</summary>
    private async Task HoldsAsync(Row[][] batches)
    {
        await using var bench = new Workbench(postgres);
        if (postgres is not null)
            await bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                connection
            );
        var expected = Targets.ToDictionary(target => target, _ => new List<Row>());
        await bench.ExecuteAsync("create schema raw", connection);
        foreach (var (batch, number) in batches.Select((batch, i) => (batch, i)))
        {
            foreach (var target in Targets)
            {
                var rows = target switch
                {
                    // a merge refuses two rows of one key in a batch
                    "merge" => batch.DistinctBy(r => r.Id).ToArray(),
                    // no two places are the same, and later batches may come before earlier ones
                    Sequenced =>
                    [
                        .. batch.Select(
                            (row, i) => row with { Value = (i * 7 + number * 4) % 11 * 10 + number }
                        ),
                    ],
                    _ => batch,
                };
                var source = $"raw.for_{target}";
                if (target != Target(IncrementalStrategy.Microbatch))
                    await bench.ExecuteAsync($"drop table if exists {source}", connection);
                await bench.ExecuteAsync(
                    $"create table if not exists {source} (id int, day date, v int)",
                    connection
                );
                if (rows.Length > 0)
                    await bench.ExecuteAsync(
                        $"insert into {source} values {string.Join(", ", rows.Select(r => r.Sql()))}",
                        connection
                    );
                Apply(target, expected[target], rows);
            }

            (await bench.BuildAsync(Project(bench))).ShouldSucceed();

            foreach (var target in Targets)
            {
                var days =
                    connection == "pg" ? "day - date '2026-11-17'" : "cast(day - date '2026-11-17' as int)";
                var found = await bench.QueryAsync($"select id, {days}, v from main.{target}", connection);
                found
                    .Order(StringComparer.Ordinal)
                    .ShouldBe(
                        expected[target].Select(r => r.ToString()).Order(StringComparer.Ordinal),
                        target
                    );
            }
        }
    }

    private static string Target(IncrementalStrategy strategy) => strategy.ToString().ToLowerInvariant();

    private Support.ManifestBuilder Project(Workbench bench)
    {
        var project = bench.Project();
        foreach (var target in Targets)
        {
            var strategy =
                target == Sequenced ? IncrementalStrategy.Merge : Strategies.Single(s => Target(s) == target);
            project
                .Source($"for_{target}", eventTime: "day", connection: connection)
                .Model(
                    target,
                    $"select * from {{for_{target}}}",
                    Materialization.Incremental,
                    config =>
                        config with
                        {
                            IncrementalStrategy = strategy,
                            UniqueKey = strategy
                                is IncrementalStrategy.Merge
                                    or IncrementalStrategy.DeleteInsert
                                ? ["id"]
                                : [],
                            SequenceBy = target == Sequenced ? "v" : null,
                            PartitionBy = strategy == IncrementalStrategy.InsertOverwrite ? ["day"] : [],
                            EventTime = strategy == IncrementalStrategy.Microbatch ? "day" : null,
                            BatchSize = BatchSize.Day,
                            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                            Lookback = 5,
                        },
                    connection
                );
        }
        return project;
    }

    /// <summary>What each strategy promises, in memory.</summary>
    private static void Apply(string name, List<Row> target, Row[] batch)
    {
        switch (name)
        {
            case Sequenced:
                var latest = target
                    .Concat(batch)
                    .GroupBy(row => row.Id)
                    .Select(g => g.MaxBy(row => row.Value)!);
                List<Row> winners = [.. latest];
                target.Clear();
                target.AddRange(winners);
                return;
            case "merge" or "deleteinsert":
                target.RemoveAll(row => batch.Any(other => other.Id == row.Id));
                break;
            case "insertoverwrite":
                target.RemoveAll(row => batch.Any(other => other.Day == row.Day));
                break;
        }
        target.AddRange(batch);
    }
}

public sealed class DuckDbIncrementalPropertyTests() : IncrementalPropertyTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresIncrementalPropertyTests(PostgresDatabase database)
    : IncrementalPropertyTests("pg", database),
        IClassFixture<PostgresDatabase>;
