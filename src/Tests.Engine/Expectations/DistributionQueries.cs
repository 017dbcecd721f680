using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Statistics;

namespace Strata.Tests.Engine.Expectations;

/// <summary>
/// Distributions as queries: to take a baseline, and to count rows in the bins or values of one. Each is one scan and gives no more rows
/// than a baseline has entries.
/// </summary>
internal static class DistributionQueries
{
    private const int Null = -1;

    // values that the baseline does not name are told apart as far as anybody would read them
    private const int NewValues = 10;

    /// <summary>
    /// Rows of (value, rows with it or less, all rows with a value, least value) where the value is the first to reach a quantile;
    /// a row with a null value counts the nulls.
    /// </summary>
    public static string TakeBins(CheckContext c)
    {
        var bins = (c.Args.Number("bins") ?? 10).ToString("0", CultureInfo.InvariantCulture);
        var counted = Counted(c, Number(c));
        var upTo = c.Dialect.WholeSum("n", "over (order by value)");
        var total = c.Dialect.WholeSum("n", "over ()");
        var (reached, before) = (Quantile(c, "upto", bins), Quantile(c, "(upto - n)", bins));
        return $"""
            with counted as ({counted}),
            placed as (
              select value, n, {upTo} as upto, {total} as total, min(value) over () as least
              from counted where value is not null
            )
            select value, upto, total, least from placed where {reached} > {before}
            union all select null, n, null, null from counted where value is null
            """;
    }

    public static StoredDistribution ReadBins(IReadOnlyList<object?[]> rows)
    {
        var edges = rows.Where(row => row[0] is not null).OrderBy(row => Double(row[0])).ToList();
        long before = 0;
        var counts = ImmutableArray.CreateBuilder<long>(edges.Count);
        foreach (var row in edges)
        {
            counts.Add(Count(row[1]) - before);
            before = Count(row[1]);
        }
        return new StoredDistribution(
            edges.Count == 0 ? 0 : Double(edges[0][3]),
            [.. edges.Select(row => Double(row[0]))],
            null,
            counts.ToImmutable(),
            0,
            rows.Where(row => row[0] is null).Sum(row => Count(row[1]))
        );
    }

    /// <summary>Rows of (value, count, all rows): the most frequent values, and null.</summary>
    public static string TakeCategories(CheckContext c)
    {
        var most = (c.Args.Number("categories") ?? 50).ToString("0", CultureInfo.InvariantCulture);
        var total = c.Dialect.WholeSum("n", "over ()");
        return $"""
            with counted as ({Counted(c, c.Dialect.AsText(c.Column))})
            select value, n, total from (
              select value, n, {total} as total,
                row_number() over (order by case when value is null then 1 else 0 end, n desc, value) as place
              from counted
            ) as placed where place <= {most} or value is null
            """;
    }

    public static StoredDistribution ReadCategories(IReadOnlyList<object?[]> rows)
    {
        var named = rows.Where(row => row[0] is not null)
            .Select(row => (Value: Text(row[0]), Count: Count(row[1])))
            .OrderByDescending(row => row.Count)
            .ThenBy(row => row.Value, StringComparer.Ordinal)
            .ToList();
        var nulls = rows.Where(row => row[0] is null).Sum(row => Count(row[1]));
        var total = rows.Count == 0 ? 0 : Count(rows[0][2]);
        return new StoredDistribution(
            0,
            null,
            [.. named.Select(row => row.Value)],
            [.. named.Select(row => row.Count)],
            total - nulls - named.Sum(row => row.Count),
            nulls
        );
    }

    /// <summary>Rows of (bin, count): 0 lies below the baseline's least value, the last above its greatest.</summary>
    public static string CountBins(CheckContext c, StoredDistribution stored)
    {
        var edges = stored.Edges ?? [];
        var bin = edges.IsEmpty
            ? $"case when value is null then {Null} else 0 end"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"case when value is null then {Null} when value < {Literal(stored.Least)} then 0 when value > {Literal(edges[^1])} then {edges.Length + 1} else {Find(0, edges.Length - 1)} end"
            );
        return $"select bin, count(*) from (select {bin} as bin from (select {Number(c)} as value from {c.Source}) as numbers) as binned group by bin";

        // few comparisons for each row, however many bins there are
        string Find(int from, int to)
        {
            if (from == to)
                return (from + 1).ToString(CultureInfo.InvariantCulture);
            var middle = (from + to) / 2;
            return $"case when value <= {Literal(edges[middle])} then {Find(from, middle)} else {Find(middle + 1, to)} end";
        }

        string Literal(double number) =>
            c.Dialect.AsDouble(c.Dialect.Text(number.ToString("R", CultureInfo.InvariantCulture)));
    }

    /// <summary>Rows of (value, count, all rows): the values that the baseline names, null, and the most frequent of all others.</summary>
    public static string CountCategories(CheckContext c, StoredDistribution stored)
    {
        var values = stored.Values ?? [];
        var known = values.IsEmpty
            ? "false"
            : $"coalesce(value in ({string.Join(", ", values.Select(c.Dialect.Text))}), false)";
        var total = c.Dialect.WholeSum("n", "over ()");
        return $"""
            with counted as ({Counted(c, c.Dialect.AsText(c.Column))})
            select value, n, total from (
              select value, n, is_known, {total} as total,
                row_number() over (partition by is_known order by case when value is null then 1 else 0 end, n desc, value) as place
              from (select value, n, {known} as is_known from counted) as marked
            ) as placed where is_known or value is null or place <= {NewValues}
            """;
    }

    /// <summary>What <see cref="CountBins"/> or <see cref="CountCategories"/> found beside what the baseline holds.</summary>
    public static ImmutableArray<CountedBin> Compare(
        StoredDistribution stored,
        IReadOnlyList<object?[]> rows
    ) => stored.Edges is { } edges ? Bins(stored, edges, rows) : Categories(stored, rows);

    private static ImmutableArray<CountedBin> Bins(
        StoredDistribution stored,
        ImmutableArray<double> edges,
        IReadOnlyList<object?[]> rows
    )
    {
        var now = rows.ToDictionary(row => (int)Count(row[0]), row => Count(row[1]));
        var bins = ImmutableArray.CreateBuilder<CountedBin>();
        if (edges.IsEmpty)
            bins.Add(new CountedBin("any value", 0, now.GetValueOrDefault(0)));
        else
        {
            bins.Add(new CountedBin($"below {Show(stored.Least)}", 0, now.GetValueOrDefault(0)));
            for (var i = 0; i < edges.Length; i++)
                bins.Add(new CountedBin(Range(i), stored.Counts[i], now.GetValueOrDefault(i + 1)));
            bins.Add(new CountedBin($"above {Show(edges[^1])}", 0, now.GetValueOrDefault(edges.Length + 1)));
        }
        bins.Add(new CountedBin("null", stored.Nulls, now.GetValueOrDefault(Null), IsNull: true));
        return bins.ToImmutable();

        string Range(int i) =>
            i > 0 ? $"over {Show(edges[i - 1])} to {Show(edges[i])}"
            : edges[0] == stored.Least ? Show(edges[0])
            : $"{Show(stored.Least)} to {Show(edges[0])}";
    }

    private static ImmutableArray<CountedBin> Categories(
        StoredDistribution stored,
        IReadOnlyList<object?[]> rows
    )
    {
        var now = rows.Where(row => row[0] is not null)
            .ToDictionary(row => Text(row[0]), row => Count(row[1]), StringComparer.Ordinal);
        var nulls = rows.Where(row => row[0] is null).Sum(row => Count(row[1]));
        var total = rows.Count == 0 ? 0 : Count(rows[0][2]);
        var rest = total - nulls;
        var bins = ImmutableArray.CreateBuilder<CountedBin>();
        foreach (var (value, before) in (stored.Values ?? []).Zip(stored.Counts))
        {
            now.Remove(value, out var count);
            rest -= count;
            bins.Add(new CountedBin($"'{value}'", before, count));
        }
        // where the baseline has named all its values, any other is new
        if (stored.Others == 0)
        {
            foreach (var (value, count) in now.OrderByDescending(pair => pair.Value))
            {
                rest -= count;
                bins.Add(new CountedBin($"'{value}' (new)", 0, count));
            }
        }
        bins.Add(new CountedBin("other values", stored.Others, rest));
        bins.Add(new CountedBin("null", stored.Nulls, nulls, IsNull: true));
        return bins.ToImmutable();
    }

    private static string Counted(CheckContext c, string value) =>
        $"select value, count(*) as n from (select {value} as value from {c.Source}) as rows_of_column group by value";

    // NaN is no value that could be put in order with others
    private static string Number(CheckContext c) =>
        c.ColumnType is TypeFamily.Float ? $"nullif({c.Double}, {c.Dialect.AsDouble("'NaN'")})" : c.Double;

    private static string Quantile(CheckContext c, string rows, string bins) =>
        $"floor({c.Dialect.AsDouble(rows)} * {bins} / {c.Dialect.AsDouble("total")})";

    private static string Show(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static long Count(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static double Double(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
