using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;

namespace Strata.Bench.Checks;

/// <summary>A wide table of orders with a few defects, and the tests that a careful team would write on it.</summary>
internal static class OrdersTable
{
    private static readonly string[] Columns =
    [
        "id",
        "customer_id",
        "status",
        "currency",
        "amount",
        "tax",
        "quantity",
        "email",
        "country",
        "ordered_at",
        "shipped_at",
        "note",
    ];

    public static readonly ImmutableArray<TestNode> Nulls =
    [
        .. Columns.Select(c => Given.Test("not_null", c)),
    ];

    public static readonly ImmutableArray<TestNode> Tests =
    [
        .. Nulls,
        Between("amount", 0, 10_000),
        Between("tax", 0, 2_000),
        Between("quantity", 1, 50),
        Between("id", 1, 1_000_000_000),
        Between("customer_id", 1, 1_000_000),
        Accepted("status", "placed", "paid", "shipped", "returned"),
        Accepted("currency", "EUR", "USD", "GBP"),
        Accepted("country", "DE", "FR", "NL", "US", "GB"),
        In("status", "placed", "paid", "shipped", "returned", "lost"),
        In("currency", "EUR", "USD", "GBP", "CHF"),
        Given.Test("expect_column_values_to_match_regex", "email", null, ("regex", "^[^@]+@[^@]+$")),
        Given.Test("expect_column_values_to_not_match_regex", "note", null, ("regex", "password")),
        Given.Test("expect_column_values_to_match_like_pattern", "email", null, ("like_pattern", "%@%")),
        Given.Test("expect_column_value_lengths_to_equal", "country", null, ("value", 2L)),
        Given.Test("expect_column_value_lengths_to_equal", "currency", null, ("value", 3L)),
        Given.Test("expect_column_value_lengths_to_be_between", "note", null, ("max_value", 200L)),
        Given.Test("dbt_utils.not_empty_string", "email"),
        Given.Test("expect", null, null, ("expression", "tax <= amount")),
        Given.Test("expect", null, null, ("expression", "shipped_at >= ordered_at")) with
        {
            UniqueId = "expect.2",
        },
        Given.Test(
            "expect_column_pair_values_a_to_be_greater_than_b",
            null,
            null,
            ("column_A", "amount"),
            ("column_B", "tax"),
            ("or_equal", true)
        ),
        Given.Test("expect_column_max_to_be_between", "amount", null, ("max_value", 10_000L)),
        Given.Test("expect_column_min_to_be_between", "amount", null, ("min_value", 0L)),
        Given.Test(
            "expect_column_mean_to_be_between",
            "amount",
            null,
            ("min_value", 10L),
            ("max_value", 5_000L)
        ),
        Given.Test("expect_column_sum_to_be_between", "quantity", null, ("min_value", 1L)),
        Given.Test("expect_table_row_count_to_be_between", null, null, ("min_value", 1L)),
        Given.Test(
            "freshness",
            "ordered_at",
            null,
            (
                "max_age",
                ImmutableSortedDictionary<string, object?>.Empty.Add("count", 10L).Add("period", "year")
            )
        ),
    ];

    public static CheckRelation Create(TestEngine engine, int rows)
    {
        var series =
            engine is PostgresEngine
                ? $"generate_series(1, {rows}) as g(i)"
                : $"range(1, {rows} + 1) as g(i)";
        engine.Execute("drop table if exists orders");
        engine.Execute(
            $"""
            create table orders as select
              cast(i as bigint) as id,
              case when i % 1000 = 0 then null else i % 90000 + 1 end as customer_id,
              case i % 4 when 0 then 'placed' when 1 then 'paid' when 2 then 'shipped' else 'returned' end as status,
              case i % 3 when 0 then 'EUR' when 1 then 'USD' else 'GBP' end as currency,
              cast((i % 100000) / 10.0 as decimal(12, 2)) as amount,
              cast((i % 100000) / 100.0 as decimal(12, 2)) as tax,
              i % 50 + 1 as quantity,
              'user' || (i % 90000) || '@example.com' as email,
              case i % 5 when 0 then 'DE' when 1 then 'FR' when 2 then 'NL' when 3 then 'US' else 'GB' end as country,
              timestamp '2026-01-01 00:00:00' + (i % 300) * interval '1 day' as ordered_at,
              timestamp '2026-01-02 00:00:00' + (i % 300) * interval '1 day' as shipped_at,
              case when i % 20 = 0 then null else 'delivered to the door ' || (i % 977) end as note
            from {series}
            """
        );
        engine.Execute(engine is PostgresEngine ? "vacuum analyze orders" : "checkpoint");
        var types = engine
            .Query(
                "select column_name, data_type from information_schema.columns where table_name = 'orders' order by ordinal_position"
            )
            .Select(row => ((string)row[0]!, (string)row[1]!));
        return Given.Relation("orders", [.. types]);
    }

    private static TestNode Between(string column, long min, long max) =>
        Given.Test(
            "expect_column_values_to_be_between",
            column,
            null,
            ("min_value", min),
            ("max_value", max)
        );

    private static TestNode Accepted(string column, params object?[] values) =>
        Given.Test("accepted_values", column, null, ("values", values.ToImmutableArray()));

    private static TestNode In(string column, params object?[] values) =>
        Given.Test(
            "expect_column_values_to_be_in_set",
            column,
            null,
            ("value_set", values.ToImmutableArray())
        );
}
