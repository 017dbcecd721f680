using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State.Tests;

/// <summary>The statements that write the history of tests.</summary>
public static class TestResultStatements
{
    private const int RowsPerStatement = 500;

    /// <summary>Puts results on record. What the same run has recorded of these tests before makes way.</summary>
    public static IEnumerable<string> Record(
        SqlDialect dialect,
        IReadOnlyCollection<TestObservation> observations
    )
    {
        var table = dialect.Quote(TestResultTables.Results);
        foreach (var run in observations.GroupBy(one => one.RunId))
        {
            foreach (var some in run.Chunk(RowsPerStatement))
            {
                yield return $"delete from {table} where run_id = {dialect.QuoteString(run.Key)} "
                    + $"and test in ({List(dialect, some.Select(one => one.TestId))})";
                yield return StateStatements.Insert(
                    dialect,
                    TestResultTables.Results,
                    some.Select(one => Row(dialect, one))
                );
            }
        }
    }

    /// <summary>Forgets what is older than the newest <paramref name="keep"/> results of each of some tests.</summary>
    public static IEnumerable<string> Trim(SqlDialect dialect, IEnumerable<string> tests, int keep)
    {
        var table = dialect.Quote(TestResultTables.Results);
        foreach (var some in tests.Chunk(RowsPerStatement))
        {
            var ids = List(dialect, some);
            yield return $"""
                delete from {table} where test in ({ids}) and (test, run_id) in (
                  select test, run_id from (
                    select test, run_id, row_number() over (partition by test order by tested_at desc, run_id desc) as place
                    from {table} where test in ({ids})
                  ) as numbered where place > {keep.ToString(CultureInfo.InvariantCulture)}
                )
                """;
        }
    }

    private static string Row(SqlDialect dialect, TestObservation one) =>
        StateStatements.Row(
            dialect,
            one.RunId,
            one.TestId,
            one.Name,
            one.NodeId,
            one.Column,
            one.Status,
            one.Failures,
            one.Checked,
            one.Percent,
            one.Observed,
            one.ObservedNumber,
            one.Threshold,
            one.Severity,
            StateStatements.Micros(one.Duration),
            one.BatchOnly,
            one.TestedAt
        );

    private static string List(SqlDialect dialect, IEnumerable<string> texts) =>
        string.Join(", ", texts.Select(dialect.QuoteString));
}
