using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Tests;

/// <summary>Mistakes in the definition of a test are found without an engine, at the place where they were written.</summary>
public sealed class DefinitionTests
{
    private static readonly CheckRelation Orders = Given.Relation(
        "orders",
        ("id", "integer"),
        ("Status", "text"),
        ("amount", "decimal(18,2)"),
        ("ordered_at", "timestamp without time zone")
    );

    [Fact]
    public void Validate_MisspeltArgument_SuggestsTheRightOne()
    {
        var found = Validate("accepted_values", "id", ("valeus", ImmutableArray<object?>.Empty));
        found.Select(d => d.Code).ShouldBe(["ST6001", "ST6002"]);
        found[0].Hint.ShouldBe("did you mean 'values'?");
        found[0].Span!.Value.Text.ShouldBe("models", "it points at the argument");
    }

    [Theory]
    [InlineData("expect_table_row_count_to_be_between", null, "min_value", "quack", "ST6003")]
    [InlineData("expect_column_values_to_be_between", "id", "strict_min", "yes", "ST6003")]
    [InlineData("expect_column_pair_values_to_be_equal", null, "ignore_row_if", "both_missing", "ST6003")]
    [InlineData("not_null", "id", "mostly", 1.5, "ST6003")]
    [InlineData("not_null", null, "mostly", 0.5, "ST6007")]
    [InlineData("expect_column_max_to_be_between", "id", "mostly", 0.5, "ST6008")]
    [InlineData("expect_column_values_to_match_strftime_format", "Status", "strftime_format", "%Q", "ST6006")]
    public void Validate_WrongArgument_IsReported(
        string name,
        string? column,
        string argument,
        object value,
        string code
    ) => Validate(name, column, (argument, value)).Select(d => d.Code).ShouldContain(code);

    [Fact]
    public void Validate_Relation_MustBeAReference() =>
        Validate("relationships", "id", ("to", "customers"), ("field", "id"))
            .Single()
            .Message.ShouldBe("'to' must be a ref or a source, not text 'customers'");

    [Fact]
    public void Validate_BoundsInWrongOrder_Contradict() =>
        Validate("expect_column_values_to_be_between", "id", ("min_value", 10L), ("max_value", 0L))
            .Single()
            .Message.ShouldBe("'min_value' 10 is greater than 'max_value' 0");

    [Theory]
    [InlineData("id", "placed")]
    [InlineData("amount", "much")]
    [InlineData("ordered_at", "yesterdayish")]
    [InlineData("ordered_at", "12:00")]
    [InlineData("ordered_at", "2024-13-01")]
    public void Plan_ValueThatDoesNotFitTheColumn_IsRejected(string column, string value)
    {
        var test = Given.Test(
            "accepted_values",
            column,
            null,
            ("values", ImmutableArray.Create<object?>(value))
        );
        Plan(test).Rejected.Single().Diagnostics.Single().Code.ShouldBe("ST6005");
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Plan_ValuesThatAreSql_AreNotComparedWithTheColumn(bool quote, int rejected) =>
        Plan(
            Given.Test(
                "accepted_values",
                "id",
                null,
                ("values", ImmutableArray.Create<object?>("1 + 0")),
                ("quote", quote)
            )
        )
            .Rejected.Count()
            .ShouldBe(rejected);

    [Fact]
    public void Plan_UnknownColumn_SuggestsTheNearest()
    {
        var plan = Plan(
            Given.Test(
                "expect_compound_columns_to_be_unique",
                null,
                null,
                ("column_list", ImmutableArray.Create<object?>("id", "ammount"))
            )
        );
        var found = plan.Rejected.Single().Diagnostics.Single();
        (found.Code, found.Message, found.Hint).ShouldBe(
            ("ST6004", "'orders' has no column 'ammount'", "did you mean 'amount'?")
        );
    }

    [Fact]
    public void Plan_ColumnInOtherCase_IsFound() =>
        Plan(Given.Test("not_null", "status"))
            .Queries.Single()
            .Sql.ShouldContain("\"Status\"", Case.Sensitive);

    [Fact]
    public void Plan_SummaryJudgedOutside_NeedsSimpleThresholds()
    {
        var test = Given.Test(
            "expect_column_kl_divergence_to_be_less_than",
            "id",
            new TestConfig { ErrorIf = "between 1 and 2" },
            ("threshold", 0.1),
            (
                "partition_object",
                ImmutableSortedDictionary<string, object?>
                    .Empty.Add("values", ImmutableArray.Create<object?>(1L))
                    .Add("weights", ImmutableArray.Create<object?>(1L))
            )
        );
        Plan(test).Rejected.Single().Diagnostics.Single().Code.ShouldBe("ST6010");
    }

    [Fact]
    public void Plan_ShareOfAnAggregate_IsRejected() =>
        Plan(Given.Test("expect_column_max_to_be_between", "id", new TestConfig { ErrorIf = "> 5%" }))
            .Rejected.Single()
            .Diagnostics.Single()
            .Code.ShouldBe("ST6011");

    [Fact]
    public void Catalog_Names_AreUniqueAndKnown()
    {
        var catalog = ExpectationCatalog.Instance;
        catalog.All.SelectMany(e => e.Aliases.Prepend(e.Name)).ShouldBeUnique();
        catalog.Names.ShouldAllBe(name => catalog.IsKnown(name));
        catalog.IsKnown("no_null").ShouldBeFalse();
    }

    private static List<Diagnostic> Validate(
        string name,
        string? column,
        params (string, object?)[] arguments
    ) => [.. ExpectationCatalog.Instance.ValidateArguments(Given.Test(name, column, null, arguments))];

    private static CheckPlan Plan(TestNode test) =>
        CheckPlanner.Plan(
            new CheckRequest
            {
                Tests = [test],
                Resolve = _ => Orders,
                Dialect = DuckDbDialect.Instance,
                FusedChecksAreCheaper = false,
                Now = Given.Now,
            }
        );
}
