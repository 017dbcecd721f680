using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Quarantine;

/// <summary>Reads what has been diverted. Takes no lock and writes nothing.</summary>
public static class QuarantineReader
{
    /// <summary>The quarantines on one connection that hold or held anything, by the names of their nodes.</summary>
    public static async Task<ImmutableArray<QuarantineSummary>> ListAsync(
        ISession session,
        SqlDialect dialect,
        IReadOnlyCollection<RelationNode> nodes,
        CancellationToken cancellationToken
    )
    {
        var relations = await session.ListRelationsAsync(
            [.. nodes.Select(node => node.Relation.Schema).Distinct()],
            cancellationToken
        );
        var known = relations.Select(relation => relation.Name).ToHashSet();
        var found = ImmutableArray.CreateBuilder<QuarantineSummary>();
        foreach (var node in nodes.OrderBy(node => node.Name, StringComparer.Ordinal))
        {
            var table = QuarantineTable.Of(node.Relation, dialect);
            if (known.Contains(table))
                found.Add(await SummarizeAsync(session, dialect, node, table, cancellationToken));
        }
        return found.ToImmutable();
    }

    /// <summary>A node's quarantine table with its columns; null when there is none.</summary>
    public static async Task<RelationInfo?> FindAsync(
        ISession session,
        SqlDialect dialect,
        RelationNode node,
        CancellationToken cancellationToken
    )
    {
        var table = QuarantineTable.Of(node.Relation, dialect);
        var relations = await session.ListRelationsAsync([table.Schema], cancellationToken);
        return relations.FirstOrDefault(relation => relation.Name == table);
    }

    /// <summary>Open rows: the id and the reasons first, then the row, then where it stood.</summary>
    public static string OpenRows(SqlDialect dialect, RelationInfo table, RowFilter filter)
    {
        var own = table.Columns.Select(column => column.Name).Where(name => !QuarantineTable.IsOwn(name));
        string[] columns =
        [
            QuarantineTable.Id,
            QuarantineTable.Reasons,
            .. own,
            QuarantineTable.Batch,
            QuarantineTable.Run,
            QuarantineTable.At,
            QuarantineTable.Original,
        ];
        return $"select {Ddl.Columns(dialect, columns)} from {dialect.Quote(table.Name)} "
            + $"where {QuarantineTable.Status} = '{RowStatus.Open}' and {filter.ToSql(dialect)} "
            + $"order by {QuarantineTable.Batch}, {QuarantineTable.At}, {QuarantineTable.Id}";
    }

    private static async Task<QuarantineSummary> SummarizeAsync(
        ISession session,
        SqlDialect dialect,
        RelationNode node,
        RelationName table,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select {QuarantineTable.Status},
              case when {QuarantineTable.Status} = '{RowStatus.Open}' then {QuarantineTable.Reasons} end as reasons,
              count(*), min({QuarantineTable.At})
            from {dialect.Quote(table)} group by 1, 2
            """,
            int.MaxValue,
            cancellationToken
        );
        var reasons = new Dictionary<string, long>();
        DateTimeOffset? oldest = null;
        foreach (var row in rows.Rows.Where(row => (string?)row[0] == RowStatus.Open))
        {
            foreach (var name in RowRules.ReadReasons((string?)row[1]))
                reasons[name] = reasons.GetValueOrDefault(name) + RowSet.Long(row[2]);
            if (row[3] is DateTimeOffset at && (oldest is null || at < oldest))
                oldest = at;
        }
        return new QuarantineSummary(
            node,
            table,
            Count(RowStatus.Open),
            Count(RowStatus.Replayed),
            Count(RowStatus.Superseded),
            Count(RowStatus.Dropped),
            [
                .. reasons
                    .OrderByDescending(pair => pair.Value)
                    .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => (pair.Key, pair.Value)),
            ],
            oldest
        );

        long Count(string status) =>
            rows.Rows.Where(row => (string?)row[0] == status).Sum(row => RowSet.Long(row[2]));
    }
}
