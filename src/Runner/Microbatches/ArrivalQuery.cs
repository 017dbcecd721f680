using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest.Models;
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
        var condition = after is { } batch
            ? string.Create(CultureInfo.InvariantCulture, $" and {FeedTables.BatchColumn} > {batch}")
            : "";
        return Starts(dialect, size, changes, column, $"{column} is not null{condition}");
    }

    /// <summary>A query over a relation: in which of some periods it has rows.</summary>
    /// <param name="relation">Quoted, or a query with an alias.</param>
    /// <returns>As <see cref="Periods"/>.</returns>
    public static string Filled(
        SqlDialect dialect,
        BatchSize size,
        string relation,
        string column,
        string? type,
        IReadOnlyCollection<BatchPeriod> periods
    ) => Starts(dialect, size, relation, column, BatchWindow.Contains(dialect, column, type, periods));

    /// <summary>One row a period: where it begins, how many rows a relation has in it, and the first of their times as text.</summary>
    /// <param name="relation">A query with an alias.</param>
    public static string Counted(SqlDialect dialect, BatchSize size, string relation, string column) =>
        $"select {Start(dialect, size, column)} as period_start, count(*), cast(min({column}) as {dialect.TypeName(SqlType.Text)}) "
        + $"from {relation} where {column} is not null group by 1";

    /// <summary>One row: how many rows of a relation lie before a period, and the first of their times as text.</summary>
    public static string Before(
        SqlDialect dialect,
        string relation,
        string column,
        string? type,
        BatchPeriod period
    ) =>
        $"select count(*), cast(min({column}) as {dialect.TypeName(SqlType.Text)}) from {relation} "
        + $"where {BatchWindow.IsBefore(dialect, column, type, period)}";

    /// <summary>One row: how many rows of a relation lie behind all periods (<see cref="Calendar.Never"/>), and the first of their times as text.</summary>
    /// <param name="relation">Quoted, or a query with an alias.</param>
    public static string Endless(SqlDialect dialect, string relation, string column, string? type) =>
        $"select count(*), cast(min({column}) as {dialect.TypeName(SqlType.Text)}) from {relation} "
        + $"where {BatchWindow.IsFrom(dialect, column, type, Calendar.Never)}";

    private static string Starts(
        SqlDialect dialect,
        BatchSize size,
        string relation,
        string column,
        string condition
    ) => $"select distinct {Start(dialect, size, column)} as period_start from {relation} where {condition}";

    /// <summary>Where the period of a time begins in UTC, as text.</summary>
    /// <param name="time">An expression.</param>
    public static string Start(SqlDialect dialect, BatchSize size, string time)
    {
        var unit = size.ToString().ToLowerInvariant();
        var start = $"date_trunc('{unit}', cast({time} as {dialect.TypeName(SqlType.Timestamp)}))";
        return $"cast({start} as {dialect.TypeName(SqlType.Text)})";
    }

    /// <summary>What the query found; see <see cref="StartOf"/>.</summary>
    public static ImmutableHashSet<DateTimeOffset> Read(RowSet rows) =>
        [.. rows.Rows.Select(row => StartOf(row[0]))];

    /// <summary>
    /// Where a period begins, as <see cref="Start"/> tells it. Times that no calendar of ours has belong to no period: <c>-infinity</c> and
    /// what was before our era lie before all of them, <c>infinity</c> and the years behind 9999 lie behind.
    /// </summary>
    public static DateTimeOffset StartOf(object? text)
    {
        var start = Convert.ToString(text, CultureInfo.InvariantCulture) ?? "";
        return UtcInstant.TryParse(start, out var instant) ? instant
            : start.StartsWith('-') || start.Contains("BC", StringComparison.Ordinal)
                ? DateTimeOffset.MinValue
            : DateTimeOffset.MaxValue;
    }
}
