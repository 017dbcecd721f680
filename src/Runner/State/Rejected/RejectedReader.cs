using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.State.Tables;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.State.Rejected;

/// <summary>What one model could not take in of one source.</summary>
/// <param name="Rows">Rows of files that could be read.</param>
/// <param name="Files">Files of which nothing was.</param>
/// <param name="Paths">Where it all is, most first.</param>
/// <param name="Oldest">When the first of it was rejected.</param>
public sealed record RejectedSummary(
    string Consumer,
    string Source,
    long Rows,
    long Files,
    ImmutableArray<string> Paths,
    DateTimeOffset? Oldest
)
{
    /// <summary>Some of the rows are of files that were taken in otherwise.</summary>
    public bool HasParts { get; init; }
}

/// <summary>Reads what landed files lost on the way. Takes no lock and writes nothing.</summary>
public static class RejectedReader
{
    /// <summary>By model and source; nothing where no file has ever been taken in.</summary>
    public static async Task<ImmutableArray<RejectedSummary>> ListAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        if (!await ExistsAsync(session, cancellationToken))
            return [];
        var found = await session.QueryAsync(
            $"""
            select consumer, source, path, count(*) as n, count(case when {RejectedFilter.WholeFile} then 1 end), min(rejected_at), max(is_none)
            from {dialect.Quote(RejectedTable.Name)}
            left join (
              select distinct consumer, path, 1 as is_none from {dialect.Quote(
                StateTables.Files
            )} where hash like '{ConsumedFile.RefusedMark}%'
            ) as files using (consumer, path)
            group by consumer, source, path order by consumer, source, n desc, path
            """,
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. found
                .Rows.GroupBy(row => (Consumer: Text(row[0]), Source: Text(row[1])))
                .Select(group => new RejectedSummary(
                    group.Key.Consumer,
                    group.Key.Source,
                    group.Sum(row => Number(row[3]) - Number(row[4])),
                    group.LongCount(IsWhole),
                    [.. group.Select(row => Text(row[2]))],
                    group.Min(row => row[5] as DateTimeOffset?)
                )
                {
                    HasParts = !group.All(IsWhole),
                }),
        ];

        // where all rows were rejected there is an entry for each
        static bool IsWhole(object?[] row) => row[6] is not null || Number(row[4]) > 0;
    }

    /// <summary>How many rows and whole files a filter finds.</summary>
    public static async Task<(long Rows, long Files)> CountAsync(
        ISession session,
        SqlDialect dialect,
        RejectedFilter filter,
        CancellationToken cancellationToken
    )
    {
        if (!await ExistsAsync(session, cancellationToken))
            return (0, 0);
        var found = await session.QueryAsync(
            $"select count(case when {RejectedFilter.WholeFile} then null else 1 end), count(case when {RejectedFilter.WholeFile} then 1 end) "
                + $"from {dialect.Quote(RejectedTable.Name)} where {filter.ToSql(dialect)}",
            1,
            cancellationToken
        );
        return (Number(found.Rows[0][0]), Number(found.Rows[0][1]));
    }

    /// <summary>All of it, in the order in which it stands in the files; raw is the text there, of parquet the row as JSON.</summary>
    public static string Rows(SqlDialect dialect, RejectedFilter filter) =>
        $"select path, line, reason, raw, source, run_id, rejected_at from {dialect.Quote(RejectedTable.Name)} "
        + $"where {filter.ToSql(dialect)} order by source, path, line";

    private static async Task<bool> ExistsAsync(ISession session, CancellationToken cancellationToken)
    {
        var relations = await session.ListRelationsAsync([StateTables.Schema], cancellationToken);
        return relations.Any(relation => relation.Name == RejectedTable.Name);
    }
}
