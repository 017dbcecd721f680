using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Runs;
using static Strata.Runner.State.Tables.StateStatements;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.State.Tables;

/// <summary>One row a run and node that did not end well: what to tell those who were not there.</summary>
internal static class FailureTable
{
    public static readonly RelationName Failures = new(StateTables.Schema, "failures");

    /// <summary>The first version of the state that has it.</summary>
    internal const int Version = 6;

    internal static string Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        return $"create table {dialect.Quote(Failures)} "
            + $"(run_id {text} not null, node {text} not null, outcome {text} not null, message {text} not null)";
    }

    public static IEnumerable<string> Append(
        SqlDialect dialect,
        string runId,
        IEnumerable<RunFailure> failures
    )
    {
        foreach (var some in failures.Chunk(RowsPerStatement))
        {
            yield return Insert(
                dialect,
                Failures,
                some.Select(one => Row(dialect, runId, one.Node, one.Outcome, one.Message))
            );
        }
    }

    public static async Task<ImmutableArray<RunFailure>> ReadAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"select run_id, node, outcome, message from {dialect.Quote(Failures)}",
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows.Rows.Select(row => new RunFailure(
                Text(row[0]),
                Text(row[1]),
                Text(row[2]),
                Text(row[3])
            )),
        ];
    }
}
