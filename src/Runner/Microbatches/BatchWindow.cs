using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;

namespace Strata.Runner.Microbatches;

/// <summary>Conditions on a column of event times.</summary>
public static class BatchWindow
{
    /// <summary>True for rows of some periods; may be null for rows without event time.</summary>
    /// <param name="column">Quoted, with its alias if need be.</param>
    /// <param name="type">The column's type; null where it is not known.</param>
    public static string Contains(
        SqlDialect dialect,
        string column,
        string? type,
        IReadOnlyCollection<BatchPeriod> periods
    )
    {
        var conditions = Spans(periods)
            .Select(span =>
                $"({column} >= {Literal(dialect, type, span.Start)} and {column} < {Literal(dialect, type, span.End)})"
            );
        if (periods.Any(period => period.IsWithoutTime))
            conditions = conditions.Append($"{column} is null");
        return $"({string.Join(" or ", conditions)})";
    }

    /// <summary>True for all other rows, never null.</summary>
    public static string Excludes(
        SqlDialect dialect,
        string column,
        string? type,
        IReadOnlyCollection<BatchPeriod> periods
    ) => $"not coalesce({Contains(dialect, column, type, periods)}, false)";

    /// <summary>True for rows that lie before a period.</summary>
    public static string IsBefore(SqlDialect dialect, string column, string? type, BatchPeriod period) =>
        period.Start is { } start ? $"{column} < {Literal(dialect, type, start)}" : "false";

    /// <summary>True for rows of an instant and later.</summary>
    public static string IsFrom(SqlDialect dialect, string column, string? type, DateTimeOffset instant) =>
        $"{column} >= {Literal(dialect, type, instant)}";

    /// <summary>The spans of time that periods cover, those that touch joined.</summary>
    private static ImmutableArray<(DateTimeOffset Start, DateTimeOffset End)> Spans(
        IReadOnlyCollection<BatchPeriod> periods
    )
    {
        var spans = new List<(DateTimeOffset Start, DateTimeOffset End)>();
        foreach (var period in periods.Where(period => !period.IsWithoutTime).OrderBy(period => period.Start))
        {
            if (period is not { Start: { } start, End: { } end })
                continue;
            if (spans.Count > 0 && spans[^1].End == start)
                spans[^1] = (spans[^1].Start, end);
            else
                spans.Add((start, end));
        }
        return [.. spans];
    }

    // a literal of the column's own type: a cast of the column would keep engines from using what they know of it
    private static string Literal(SqlDialect dialect, string? type, DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var kind =
            type is null ? SqlType.TimestampTz
            : type.Equals("date", StringComparison.OrdinalIgnoreCase) && utc.TimeOfDay == TimeSpan.Zero
                ? SqlType.Date
            : type.Contains("with time zone", StringComparison.OrdinalIgnoreCase)
            || type.Equals("timestamptz", StringComparison.OrdinalIgnoreCase)
                ? SqlType.TimestampTz
            : SqlType.Timestamp;
        var format = kind switch
        {
            SqlType.Date => "yyyy-MM-dd",
            SqlType.Timestamp => "yyyy-MM-dd HH:mm:ss",
            _ => "yyyy-MM-dd HH:mm:ss'+00'",
        };
        var text = dialect.QuoteString(utc.ToString(format, CultureInfo.InvariantCulture));
        return $"cast({text} as {dialect.TypeName(kind)})";
    }
}
