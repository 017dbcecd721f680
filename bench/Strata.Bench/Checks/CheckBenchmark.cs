using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Conformance.Expectations;
using Strata.Testing;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Bench.Checks;

/// <summary>38 checks of one table as the planner shares them, against the same checks as statements of their own.</summary>
internal sealed class CheckBenchmark(int rows) : IBenchmark
{
    private const int Repetitions = 5;

    public string Name => "checks";

    public void Run(TextWriter output)
    {
        output.WriteLine("| engine | checks | separate | shared | ratio | statements |");
        output.WriteLine("|---|---|---|---|---|---|");
        using (var duckDb = new DuckDbEngine())
            Measure(duckDb, output);
        if (PostgresServer.SkipReason is { } reason)
        {
            output.WriteLine($"| postgres | {reason} |");
            return;
        }
        using var database = new PostgresDatabase();
        using var postgres = new PostgresEngine(database);
        Measure(postgres, output);
    }

    private void Measure(TestEngine engine, TextWriter output)
    {
        var relation = OrdersTable.Create(engine, rows);
        foreach (
            var (name, tests) in new[]
            {
                ("38 checks", OrdersTable.Tests),
                ("12 not_null", OrdersTable.Nulls),
            }
        )
        {
            var plan = CheckPlanner.Plan(Given.Request(engine, relation, [.. tests]));
            var separate = plan.Queries.SelectMany(q => q.Split()).ToImmutableArray();
            SameVerdicts(engine, plan.Queries, separate);
            var (alone, shared) = (new List<double>(), new List<double>());
            for (var i = 0; i < Repetitions; i++)
            {
                alone.Add(Time(engine, separate));
                shared.Add(Time(engine, plan.Queries));
            }
            var (before, after) = (Median(alone), Median(shared));
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {engine} | {name} | {before:0} ms | {after:0} ms | {before / after:0.0}x | {separate.Length} -> {plan.Queries.Length} |"
                )
            );
        }
    }

    private static double Time(TestEngine engine, ImmutableArray<CheckQuery> queries)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var query in queries)
            query.Evaluate(engine.Query(query.Sql));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // a figure for checks that do not find the same would be worth nothing; also warms the caches
    private static void SameVerdicts(
        TestEngine engine,
        ImmutableArray<CheckQuery> shared,
        ImmutableArray<CheckQuery> separate
    )
    {
        var verdicts = Verdicts(separate).ToDictionary(v => v.Test.UniqueId, v => (v.Status, v.Failures));
        foreach (var verdict in Verdicts(shared))
        {
            if (verdicts[verdict.Test.UniqueId] != (verdict.Status, verdict.Failures))
                throw new InvalidOperationException(
                    $"{verdict.Test.UniqueId} finds something else when it shares a scan"
                );
        }

        IEnumerable<CheckVerdict> Verdicts(ImmutableArray<CheckQuery> queries) =>
            queries.SelectMany(q => q.Evaluate(engine.Query(q.Sql)));
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
