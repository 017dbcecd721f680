using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Runs;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.Rollback;

/// <summary>
/// Counts the rows of what is there and of what will be restored, before anything is changed: others may have written to a table since its
/// rows were noted. The rows of views are not counted.
/// </summary>
internal sealed class RestoredRows(ISession session, SqlDialect dialect)
{
    private readonly Dictionary<RelationName, RelationInfo> _there = new(dialect.RelationNames);

    /// <exception cref="EngineException">A relation that is to go back by its changes is not there.</exception>
    public async Task<ConnectionRollback> CountAsync(
        ConnectionRollback connection,
        ConnectionHistory history,
        CancellationToken cancellationToken
    )
    {
        var places = history.Runs.ToDictionary(run => run.RunId, run => run.Seq);
        var relations = RelationRollback
            .Of(connection.Nodes, dialect.RelationNames, run => places.GetValueOrDefault(run, long.MinValue))
            .ToDictionary(relation => relation.Relation, dialect.RelationNames);
        var homes = connection.Nodes.SelectMany(node => new[] { HomeOf(node.Now), HomeOf(node.After) });
        var schemas = homes.OfType<RelationName>().Select(home => home.Schema).Distinct();
        foreach (var found in await session.ListRelationsAsync([.. schemas], cancellationToken))
            _there[found.Name] = found;
        var counts = connection
            .Nodes.Select(node =>
                (Now: CountNow(HomeOf(node.Now)), Then: CountThen(node, HomeOf(node.After), relations))
            )
            .ToList();
        var queries = counts.SelectMany(count => new[] { count.Now, count.Then }).OfType<string>().Distinct();
        var known = await AskAsync([.. queries], cancellationToken);
        return connection with
        {
            Nodes =
            [
                .. connection.Nodes.Zip(
                    counts,
                    (node, count) =>
                        node with
                        {
                            RowsNow = count.Now is { } now ? known[now] : node.RowsNow,
                            RowsThen = count.Then is { } then ? known[then] : node.RowsThen,
                        }
                ),
            ],
        };
    }

    /// <summary>Null where the state names none, or says that another node has taken it.</summary>
    private static RelationName? HomeOf(State.NodeState? state) =>
        state?.Relation is { Schema.Length: > 0 } home && StateStatements.TakingOf(home) is null
            ? home
            : null;

    private string? CountNow(RelationName? home) =>
        home is { } relation && _there.GetValueOrDefault(relation) is { Kind: RelationKind.Table }
            ? Count(relation)
            : null;

    private string? CountThen(
        NodeRollback node,
        RelationName? home,
        Dictionary<RelationName, RelationRollback> relations
    )
    {
        if (home is not { } relation)
            return null;
        var back = relations.GetValueOrDefault(relation);
        if (back?.Definition is not null)
            return null;
        var start = relation;
        if (back?.From is { Kind: KeptKind.Whole, Table: { } whole })
            start = whole;
        else if (_there.GetValueOrDefault(relation) is not { } now)
            throw NotThere(node, relation);
        else if (now.Kind != RelationKind.Table)
            return null;
        var changes = (back?.Changes ?? []).Select(change => change.Table).OfType<RelationName>();
        return string.Join(" + ", changes.Select(Undone).Prepend(Count(start)));
    }

    private string Count(RelationName table) => $"(select count(*) from {dialect.Quote(table)})";

    /// <summary>A row that was updated is there before and after.</summary>
    private string Undone(RelationName changes) =>
        $"(select count(case when {KeptTables.ChangeColumn} = 'delete' then 1 end) "
        + $"- count(case when {KeptTables.ChangeColumn} = 'insert' then 1 end) from {dialect.Quote(changes)})";

    private async Task<Dictionary<string, long>> AskAsync(
        ImmutableArray<string> queries,
        CancellationToken cancellationToken
    )
    {
        if (queries.IsEmpty)
            return [];
        var all = queries.Select((query, at) => $"select {at} as place, {query} as row_count");
        var rows = await session.QueryAsync(
            string.Join("\nunion all\n", all),
            queries.Length,
            cancellationToken
        );
        return rows.Rows.ToDictionary(row => queries[(int)Number(row[0])], row => Number(row[1]));
    }

    private static EngineException NotThere(NodeRollback node, RelationName relation) =>
        new(
            new EngineError(
                EngineErrorKind.Other,
                $"""
                {relation} is not there: somebody has dropped it since run {node.Now?.RunId};
                'strata build' makes it anew, and '--exclude' leaves its model out of the rollback
                """
            )
        );
}
