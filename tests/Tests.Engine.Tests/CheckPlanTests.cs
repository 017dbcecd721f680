using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Tests;

/// <summary>Which checks share a statement.</summary>
public sealed class CheckPlanTests
{
    private static readonly CheckRelation Orders = Given.Relation(
        "orders",
        ("id", "integer"),
        ("status", "text"),
        ("amount", "double")
    );

    private static readonly ImmutableArray<TestNode> Tests =
    [
        Given.Test("not_null", "id"),
        Given.Test("not_null", "status"),
        Given.Test("expect_column_values_to_be_between", "amount", null, ("min_value", 0L)),
        Given.Test("expect_column_values_to_match_regex", "status", null, ("regex", "^p")),
        Given.Test("expect_column_max_to_be_between", "amount", null, ("max_value", 10L)),
        Given.Test("not_null", "amount", new TestConfig { Where = "id > 5" }),
        Given.Test("not_null", "amount", new TestConfig { Mostly = 0.9 }),
        Given.Test("unique", "id"),
        Given.Test("unique", "id", new TestConfig { Severity = TestSeverity.Warn, WarnIf = "> 10" }),
        Given.Test("expect_column_median_to_be_between", "amount", null, ("max_value", 10L)),
    ];

    [Fact]
    public void Explain_EngineThatFuses_OneScanPerCondition() =>
        Explain(isFused: true, Orders)
            .ShouldBe(
                """
                10 tests in 4 statements

                1. one scan of "orders"
                   - not_null_orders_id
                   - not_null_orders_status
                   - expect_column_values_to_be_between_orders_amount
                   - expect_column_values_to_match_regex_orders_status
                   - expect_column_max_to_be_between_orders_amount
                   - not_null_orders_amount

                2. one scan of "orders" where id > 5
                   - not_null_orders_amount

                3. one scan of "orders"
                   alone: its aggregate sorts all values
                   - expect_column_median_to_be_between_orders_amount

                4. a query of its own over "orders"
                   alone: it groups rows, or looks them up in another relation
                   - unique_orders_id
                   - unique_orders_id

                """
            );

    [Fact]
    public void Explain_EngineThatPrunes_RangesAndNullsHaveScansOfTheirOwn() =>
        Explain(isFused: false, Orders)
            .ShouldStartWith(
                """
                10 tests in 5 statements

                1. one scan of "orders"
                   - expect_column_values_to_match_regex_orders_status
                   - expect_column_max_to_be_between_orders_amount
                   - not_null_orders_amount

                2. one statement, a scan by column statistics for each test, of "orders"
                   - not_null_orders_id
                   - not_null_orders_status
                   - expect_column_values_to_be_between_orders_amount

                """
            );

    [Fact]
    public void Explain_ViewOnEngineThatPrunes_IsComputedOnce() =>
        Explain(isFused: false, Orders with { IsStored = false }).ShouldBe(Explain(isFused: true, Orders));

    [Fact]
    public void Plan_SameRequest_GivesTheSameStatements() =>
        Plan(true, Orders).Queries.Select(q => q.Sql).ShouldBe(Plan(true, Orders).Queries.Select(q => q.Sql));

    private static string Explain(bool isFused, CheckRelation relation) => Plan(isFused, relation).Explain();

    private static CheckPlan Plan(bool isFused, CheckRelation relation) =>
        CheckPlanner.Plan(
            new CheckRequest
            {
                Tests = Tests,
                Resolve = _ => relation,
                Dialect = DuckDbDialect.Instance,
                FusedChecksAreCheaper = isFused,
                Now = Given.Now,
            }
        );
}
