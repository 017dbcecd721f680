using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Tests.Engine.Memory;
using static Strata.Runner.State.StateValues;

namespace Strata.Runner.State;

/// <summary>What tests hold later data against: one row for each test that has taken a baseline, on the connection where it runs.</summary>
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

    /// <summary>Puts a baseline in the place of what the test had.</summary>
    public static IEnumerable<string> Set(
        SqlDialect dialect,
        string testId,
        string runId,
        CheckBaseline baseline
    )
    {
        yield return $"delete from {dialect.Quote(Table)} where test = {dialect.QuoteString(testId)}";
        yield return StateStatements.Insert(
            dialect,
            Table,
            [StateStatements.Row(dialect, testId, runId, baseline.Content, baseline.TakenAt)]
        );
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
        return rows.Rows.ToImmutableDictionary(
            row => Text(row[0]),
            row => new CheckBaseline(Text(row[1]), row[2] is DateTimeOffset at ? at : default)
        );
    }
}
