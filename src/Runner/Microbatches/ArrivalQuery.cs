using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;

namespace Strata.Runner.Microbatches;

/// <summary>Finds the periods that changes fall in.</summary>
public static class ArrivalQuery
{
    /// <summary>A query over the changes that a feed holds behind one batch, or over staged ones.</summary>
    /// <param name="changes">The table of changes, quoted.</param>
    /// <param name="column">The event time, quoted.</param>
    /// <param name="after">Null for all changes of the table.</param>
    /// <returns>One text a period, where it begins in UTC.</returns>
    public static string Periods(
        SqlDialect dialect,
        BatchSize size,
        string changes,
        string column,
        long? after
    )
    {
        var unit = size.ToString().ToLowerInvariant();
        var start = $"date_trunc('{unit}', cast({column} as {dialect.TypeName(SqlType.Timestamp)}))";
        var condition = after is { } batch
            ? string.Create(CultureInfo.InvariantCulture, $" and {FeedTables.BatchColumn} > {batch}")
            : "";
        return $"select distinct cast({start} as {dialect.TypeName(SqlType.Text)}) as period_start "
            + $"from {changes} where {column} is not null{condition}";
    }

    /// <summary>What the query found. Times that no calendar of ours has belong to no period.</summary>
    public static ImmutableHashSet<DateTimeOffset> Read(RowSet rows)
    {
        var starts = ImmutableHashSet.CreateBuilder<DateTimeOffset>();
        foreach (var row in rows.Rows)
        {
            if (
                UtcInstant.TryParse(
                    Convert.ToString(row[0], CultureInfo.InvariantCulture) ?? "",
                    out var start
                )
            )
                starts.Add(start);
        }
        return starts.ToImmutable();
    }
}
