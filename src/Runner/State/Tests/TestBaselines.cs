using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.State.Tables;
using Strata.Tests.Engine.Memory;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.State.Tests;

/// <summary>
/// What tests hold later data against: a row for each baseline that a test has taken, on the connection where it runs. The latest counts;
/// those before it are there to go back to.
/// </summary>
public static class TestBaselines
{
    public static readonly RelationName Table = new(StateTables.Schema, "test_baselines");

    internal static ImmutableArray<string> Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var time = dialect.TypeName(SqlType.TimestampTz);
        return
        [
            $"""
                create table {dialect.Quote(Table)} (
                  test {text} not null, run_id {text} not null, content {text} not null, taken_at {time} not null
                )
                """,
        ];
    }

    /// <summary>Puts a baseline before what the test had.</summary>
    public static IEnumerable<string> Set(
        SqlDialect dialect,
        string testId,
        string runId,
        CheckBaseline baseline
    )
    {
        yield return $"delete from {dialect.Quote(Table)} where test = {dialect.QuoteString(testId)} "
            + $"and run_id = {dialect.QuoteString(runId)}";
        yield return StateStatements.Insert(
            dialect,
            Table,
            [StateStatements.Row(dialect, testId, runId, baseline.Content, baseline.TakenAt)]
        );
    }

    /// <summary>Forgets what tests have taken for normal in runs that are undone.</summary>
    public static IEnumerable<string> GoBack(
        SqlDialect dialect,
        IReadOnlyCollection<string> tests,
        IEnumerable<string> runIds
    )
    {
        if (tests.Count == 0)
            yield break;
        yield return $"delete from {dialect.Quote(Table)} where test in ({List(tests)}) and run_id in ({List(runIds)})";

        string List(IEnumerable<string> words) => string.Join(", ", words.Select(dialect.QuoteString));
    }

    /// <summary>The baselines of some tests by unique id; none where the connection keeps none yet.</summary>
    public static async Task<ImmutableDictionary<string, CheckBaseline>> ReadAsync(
        ISession session,
        SqlDialect dialect,
        IReadOnlyCollection<string> tests,
        CancellationToken cancellationToken
    )
    {
        var relations = await session.ListRelationsAsync([StateTables.Schema], cancellationToken);
        if (tests.Count == 0 || relations.All(relation => relation.Name != Table))
            return ImmutableDictionary<string, CheckBaseline>.Empty;
        var rows = await session.QueryAsync(
            $"select test, content, taken_at from {dialect.Quote(Table)} where test in ({string.Join(", ", tests.Select(dialect.QuoteString))})",
            int.MaxValue,
            cancellationToken
        );
        return rows
            .Rows.Select(row =>
                (
                    Test: Text(row[0]),
                    Baseline: new CheckBaseline(Text(row[1]), row[2] is DateTimeOffset at ? at : default)
                )
            )
            .GroupBy(one => one.Test)
            .ToImmutableDictionary(
                test => test.Key,
                test => test.Select(one => one.Baseline).MaxBy(baseline => baseline.TakenAt)!
            );
    }
}
