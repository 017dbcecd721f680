using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>
/// Batch after batch gives what a recomputation over all batches gives, for each strategy, with nulls among keys,
/// partitions, event times and values.
/// </summary>
public sealed class IncrementalPropertyTests
{
    private sealed record Row(int? Id, int? Day, int? Value)
    {
        public override string ToString() => $"{Text(Id)}|{Text(Day)}|{Text(Value)}";

        public string Sql() =>
            $"({Text(Id)}, {(Day is { } day ? $"date '2026-11-{17 + day}'" : "null")}, {Text(Value)})";

        private static string Text(int? value) =>
            value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";
    }

    private static readonly IncrementalStrategy[] Strategies = Enum.GetValues<IncrementalStrategy>();

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
            .Check(Config.QuickThrowOnFailure.WithMaxTest(4).WithEndSize(10));
    }

    /// <summary>One run builds a model of each strategy.</summary>
    private static async Task HoldsAsync(Row[][] batches)
    {
        await using var bench = new Workbench();
        var expected = Strategies.ToDictionary(strategy => strategy, _ => new List<Row>());
        await bench.ExecuteAsync("create schema raw");
        foreach (var batch in batches)
        {
            foreach (var strategy in Strategies)
            {
                // a merge refuses two rows of one key in a batch
                var rows =
                    strategy == IncrementalStrategy.Merge ? batch.DistinctBy(r => r.Id).ToArray() : batch;
                var source = $"raw.for_{Target(strategy)}";
                if (strategy != IncrementalStrategy.Microbatch)
                    await bench.ExecuteAsync($"drop table if exists {source}");
                await bench.ExecuteAsync($"create table if not exists {source} (id int, day date, v int)");
                if (rows.Length > 0)
                    await bench.ExecuteAsync(
                        $"insert into {source} values {string.Join(", ", rows.Select(r => r.Sql()))}"
                    );
                Apply(strategy, expected[strategy], rows);
            }

            (await bench.BuildAsync(Project(bench))).ShouldSucceed();

            foreach (var strategy in Strategies)
            {
                var found = await bench.QueryAsync(
                    $"select id, cast(day - date '2026-11-17' as int), v from main.{Target(strategy)}"
                );
                found
                    .Order(StringComparer.Ordinal)
                    .ShouldBe(
                        expected[strategy].Select(r => r.ToString()).Order(StringComparer.Ordinal),
                        strategy.ToString()
                    );
            }
        }
    }

    private static string Target(IncrementalStrategy strategy) => strategy.ToString().ToLowerInvariant();

    private static Support.ManifestBuilder Project(Workbench bench)
    {
        var project = bench.Project();
        foreach (var strategy in Strategies)
        {
            project
                .Source($"for_{Target(strategy)}", eventTime: "day")
                .Model(
                    Target(strategy),
                    $"select * from {{for_{Target(strategy)}}}",
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
                            PartitionBy = strategy == IncrementalStrategy.InsertOverwrite ? ["day"] : [],
                            EventTime = strategy == IncrementalStrategy.Microbatch ? "day" : null,
                            BatchSize = BatchSize.Day,
                            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                            Lookback = 5,
                        }
                );
        }
        return project;
    }

    /// <summary>What each strategy promises, in memory.</summary>
    private static void Apply(IncrementalStrategy strategy, List<Row> target, Row[] batch)
    {
        switch (strategy)
        {
            case IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert:
                target.RemoveAll(row => batch.Any(other => other.Id == row.Id));
                break;
            case IncrementalStrategy.InsertOverwrite:
                target.RemoveAll(row => batch.Any(other => other.Day == row.Day));
                break;
        }
        target.AddRange(batch);
    }
}
