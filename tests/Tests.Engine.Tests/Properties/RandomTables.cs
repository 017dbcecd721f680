using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>Small tables of few different values, so that duplicates, ties and nulls are common.</summary>
internal static class RandomTables
{
    private static readonly string[] Words =
    [
        "",
        "a",
        "A",
        "ab",
        "it's",
        "naïve",
        "日本",
        "🙂",
        "a\\b",
        "  ",
        "7",
        "[1, 2]",
        "2026-02-28",
        "2026-02-30",
    ];

    private static readonly double[] Doubles =
    [
        0,
        1,
        2.5,
        -3,
        1e12,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
    ];

    private static readonly Gen<Row> Rows =
        from a in OrNull(Gen.Choose(-3, 5))
        from b in OrNull(Gen.Choose(-3, 5))
        from d in OrNull(Gen.Elements(Doubles))
        from s in Gen.Frequency((1, Gen.Constant<string?>(null)), (4, Gen.Elements<string?>(Words)))
        select new Row(a, b, d, s);

    public static readonly Arbitrary<Row[]> Tables = Arb.From(
        Gen.Choose(0, 12).SelectMany(n => Gen.ArrayOf(Rows, n)),
        Shrink
    );

    /// <summary>The table as a query; its column <c>place</c> numbers the rows, <c>t</c> is the day that <c>a</c> counts from now.</summary>
    public static CheckRelation Relation(Row[] rows, SqlDialect dialect, string name)
    {
        var checks = CheckDialect.For(dialect);
        var text = dialect.TypeName(SqlType.Text);
        var number = dialect.TypeName(SqlType.Double);
        // the first row gives the types, and is left out again
        var values = rows.Select(
                (r, i) =>
                    $"({i}, {Whole(r.A)}, {Whole(r.B)}, {checks.Literal(r.D, TypeFamily.Float)}, {checks.Literal(r.S, TypeFamily.Text)})"
            )
            .Prepend(
                $"(-1, cast(null as bigint), cast(null as bigint), cast(null as {number}), cast(null as {text}))"
            );
        return new CheckRelation(
            $"(select *, cast(date '2026-11-21' + cast(a as integer) as timestamp) as t "
                + $"from (values {string.Join(", ", values)}) as v(place, a, b, d, s) where place >= 0)",
            name,
            [
                new("place", "integer"),
                new("a", "bigint"),
                new("b", "bigint"),
                new("d", number),
                new("s", text),
                new("t", "timestamp"),
            ]
        );
    }

    private static string Whole(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static Gen<long?> OrNull(Gen<int> values) =>
        Gen.Frequency((1, Gen.Constant<long?>(null)), (4, values.Select(v => (long?)v)));

    private static Gen<double?> OrNull(Gen<double> values) =>
        Gen.Frequency((1, Gen.Constant<double?>(null)), (4, values.Select(v => (double?)v)));

    private static IEnumerable<Row[]> Shrink(Row[] rows) =>
        rows.Select((_, i) => rows.Where((_, j) => j != i).ToArray());
}
