using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests;

public sealed class DuckDbColumnNamesTests : ColumnNamesTests
{
    protected override TestEngine Open() => new DuckDbEngine();
}

public sealed class PostgresColumnNamesTests(PostgresDatabase database)
    : ColumnNamesTests,
        IClassFixture<PostgresDatabase>
{
    protected override TestEngine Open() => new PostgresEngine(database);
}

/// <summary>Columns of the project that have the names of columns in our queries.</summary>
public abstract class ColumnNamesTests : EngineTests
{
    private const string ContainSet = "expect_column_distinct_values_to_contain_set";
    private const string EqualSet = "expect_column_distinct_values_to_equal_set";

    [PostgresTheory]
    [InlineData(ContainSet, "value", "x,y", 0)]
    [InlineData(ContainSet, "value", "x,z", 1)]
    [InlineData(ContainSet, "metric", "a,b", 0)]
    [InlineData(ContainSet, "metric", "a,x", 1)]
    [InlineData(EqualSet, "value", "x,y", 0)]
    [InlineData(EqualSet, "value", "x,z", 2)]
    [InlineData(EqualSet, "metric", "a,b", 0)]
    [InlineData(EqualSet, "metric", "a,x", 2)]
    public void Set_RelationHasAColumnValue_EachMemberIsLookedUp(
        string name,
        string column,
        string members,
        long failures
    )
    {
        var metrics = Table("metrics", "metric text, value text", "('a', 'x'), ('b', 'y')");
        Run(metrics, Given.Test(name, column, null, ("value_set", members.Split(','))))
            .Failures.ShouldBe(failures);
    }

    [PostgresTheory]
    [InlineData("k int, n_records int")]
    [InlineData("k int, \"N_RECORDS\" int")]
    public void Unique_RelationHasAColumnNRecords_DuplicatesAreCounted(string columns)
    {
        var rows = Table("counted", columns, "(7, 0), (7, 0), (8, 0)");
        Run(rows, Given.Test("expect_column_values_to_be_unique", "k")).Failures.ShouldBe(2);
        Run(
            rows,
            Given.Test("expect_compound_columns_to_be_unique", null, null, ("column_list", new[] { "k" }))
        )
            .Failures.ShouldBe(2);
    }

    [PostgresFact]
    public void Unique_NoColumnOfThatName_FailingRowsSayNRecords()
    {
        var rows = Table("plain", "k int, n int", "(7, 0), (7, 0), (8, 0)");
        var config = new TestConfig { FailCalc = "max(n_records)" };
        Run(rows, Given.Test("expect_column_values_to_be_unique", "k", config)).Failures.ShouldBe(2);
    }

    [PostgresFact]
    public void MostCommonValue_ColumnsPlaceAndNRecords_AreJudged()
    {
        var rows = Table("places", "place int, n_records int", "(4, 6), (4, 6), (5, 7)");
        foreach (var (column, common, rare) in new[] { ("place", 4L, 5L), ("n_records", 6L, 7L) })
        {
            foreach (
                var name in new[]
                {
                    "expect_column_most_common_value_to_be_in_set",
                    "dbt_expectations.expect_column_most_common_value_to_be_in_set",
                }
            )
            {
                Run(rows, Given.Test(name, column, null, ("value_set", new[] { common })))
                    .Status.ShouldBe(CheckStatus.Pass);
                Run(rows, Given.Test(name, column, null, ("value_set", new[] { rare })))
                    .Status.ShouldBe(CheckStatus.Fail);
            }
        }
    }

    [PostgresFact]
    public void Order_ColumnOfOurName_IsNoneOfOurs()
    {
        var rows = Table("ordered", "id int, v int, strata_previous int", "(1, 5, 0), (2, 4, 0), (3, 6, 0)");
        Run(rows, Given.Test("expect_column_values_to_be_increasing", "v", null, ("sort_column", "id")))
            .Failures.ShouldBe(1);
    }

    [PostgresFact]
    public void Scores_ColumnsOfOurNames_AreNoneOfOurs()
    {
        var rows = Table(
            "scored",
            "v int, strata_mean int, strata_deviation int",
            string.Join(", ", Enumerable.Repeat("(1, 90, 1000)", 9).Append("(90, 90, 1000)"))
        );
        Run(rows, Given.Test("expect_column_value_z_scores_to_be_less_than", "v", null, ("threshold", 2L)))
            .Failures.ShouldBe(1);
    }

    private CheckRelation Table(string name, string columns, string rows)
    {
        Engine.Execute($"drop table if exists {name}; create table {name} ({columns})");
        Engine.Execute($"insert into {name} values {rows}");
        return Given.Relation(
            name,
            [
                .. columns
                    .Split(", ")
                    .Select(column => column.Split(' '))
                    .Select(words => (words[0].Trim('"'), words[1])),
            ]
        );
    }

    private CheckVerdict Run(CheckRelation relation, TestNode test) =>
        Engine.Run(CheckPlanner.Plan(Given.Request(Engine, relation, test))).Single();
}
