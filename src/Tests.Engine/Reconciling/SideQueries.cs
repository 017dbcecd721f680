using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>The queries over one side of a reconciliation. Rows are known by the MD5 of their key; its first hex digits are the bucket.</summary>
internal sealed class SideQueries(PlacedRelation side, ColumnPairs columns, bool isHere, string? where)
{
    private readonly CheckDialect _dialect = CheckDialect.For(side.Dialect);

    /// <summary>One row: the number of rows, and the sum of each numeric column as text.</summary>
    public string Totals()
    {
        var sums = Numbers(columns).Select(Sum);
        return $"select count(*){string.Concat(sums.Select(sum => $", {sum}"))} from {From(side.Relation.Sql)}";
    }

    /// <summary>Rows of (bucket, rows, checksum, checksum): sums of parts of the MD5 of whole rows, which no order changes.</summary>
    public string Buckets(int digits)
    {
        var bucket = string.Create(CultureInfo.InvariantCulture, $"substr(strata_key, 1, {digits})");
        return $"select {bucket}, count(*), {Checksum(1)}, {Checksum(9)} from ({Hashed}) as hashed group by {bucket}";
    }

    /// <summary>Rows of (MD5 of the key, MD5 of the row) in some buckets; of all rows where no bucket is named.</summary>
    public string Keys(int digits, IReadOnlyCollection<string> buckets) =>
        $"select strata_key, strata_row from ({Hashed}) as hashed"
        + (digits == 0 ? "" : $" where {Prefix("strata_key", digits)} in ({List(buckets)})");

    /// <summary>Rows of (MD5 of the key, each column's value as text), for some keys.</summary>
    public string Rows(IReadOnlyCollection<string> keys)
    {
        var values = string.Concat(
            columns.All.Select(
                (column, i) => string.Create(CultureInfo.InvariantCulture, $", {Value(column)} as strata_{i}")
            )
        );
        var names = string.Concat(
            columns.All.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $", strata_{i}"))
        );
        return $"select strata_key{names} from (select {Md5(columns.Key)} as strata_key{values} from {From(side.Relation.Sql)}) as hashed where strata_key in ({List(keys)})";
    }

    /// <summary>The rows of some keys, fit to paste into a client.</summary>
    public string Find(IReadOnlyCollection<string> keys) =>
        $"select * from {From(side.Published ?? side.Relation.Sql)} where {Md5(columns.Key)} in ({List(keys)})";

    /// <summary>The columns whose sums say something: not keys, unless whole rows are the key.</summary>
    public static IEnumerable<ComparedColumn> Numbers(ColumnPairs columns) =>
        (columns.HasKey ? columns.Others : columns.Key).Where(column => column.IsNumber);

    private string From(string relation)
    {
        var name = _dialect.Quote(side.Relation.Name);
        return where is null
            ? $"{relation} as {name}"
            : $"(select * from {relation} as {name} where {SqlFragment.Parenthesize(where)}) as {name}";
    }

    private string Hashed =>
        $"select {Md5(columns.Key)} as strata_key, {Md5(columns.All)} as strata_row from {From(side.Relation.Sql)}";

    private string Md5(IEnumerable<ComparedColumn> some) =>
        $"md5({CanonicalText.Joined(_dialect, some.Select(Value))})";

    private string Value(ComparedColumn column) =>
        CanonicalText.Of(_dialect, _dialect.Quote(column.Of(isHere)), column);

    // sums of floats depend on the order of the rows: they are shown to fewer digits, and decide nothing
    private string Sum(ComparedColumn column)
    {
        var name = _dialect.Quote(column.Of(isHere));
        return column.As == Representation.Float
            ? CanonicalText.Of(
                _dialect,
                $"sum({_dialect.AsDouble(name)})",
                column with
                {
                    Digits = Math.Min(column.Digits, 12),
                }
            )
            : CanonicalText.Of(_dialect, $"sum({name})", column with { As = Representation.Exact });
    }

    private string Checksum(int from) =>
        _dialect.AsText(
            $"sum({_dialect.HexToNumber(string.Create(CultureInfo.InvariantCulture, $"substr(strata_row, {from}, 8)"))})"
        );

    private static string Prefix(string hash, int digits) =>
        string.Create(CultureInfo.InvariantCulture, $"substr({hash}, 1, {digits})");

    private string List(IReadOnlyCollection<string> texts) => string.Join(", ", texts.Select(_dialect.Text));
}
