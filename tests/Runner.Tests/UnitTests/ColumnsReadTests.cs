using Shouldly;
using Strata.Runner.Adapters;
using Strata.Runner.UnitTests;
using Xunit;

namespace Strata.Runner.Tests.UnitTests;

public sealed class ColumnsReadTests
{
    [Theory]
    [InlineData(
        "Binder Error: Referenced column \"K\" not found in FROM clause!\nCandidate bindings: \"id\"",
        "k"
    )]
    [InlineData(
        "Binder Error: Table \"id\" does not have a column named \"k\"\n\nCandidate bindings: : \"id\"",
        "k"
    )]
    [InlineData("Binder Error: Column \"k\" does not exist on left side of join!", "k")]
    [InlineData("Binder Error: Column \"k\" does not exist on right side of join!", "k")]
    [InlineData("Binder Error: Column \"k\" in EXCLUDE list not found in FROM clause", "k")]
    [InlineData("Binder Error: Referenced column \"a \"b\"\" not found in FROM clause!", "a \"b\"")]
    [InlineData("column \"k\" does not exist", "k")]
    [InlineData("column o.k does not exist", "k")]
    [InlineData("column o.the place does not exist", "the place")]
    [InlineData("column \"the place\" does not exist", "the place")]
    [InlineData("column o.the.place does not exist", "the.place")]
    [InlineData("column \"k\" specified in USING clause does not exist in left table", "k")]
    [InlineData("column \"a \"b\"\" does not exist", "a \"b\"")]
    [InlineData("relation \"k\" does not exist", null)]
    [InlineData(
        "Binder Error: Referenced column \"x\" not found in FROM clause!\nCandidate bindings: \"k\"",
        null
    )]
    public void Find_Message_IsAboutItsColumn(string message, string? column) =>
        (
            ColumnsRead
                .Find(
                    message,
                    from name in (string[])["k", "place", "the place", "the.place", "a \"b\"", "id"]
                    select new ColumnSchema(name, "integer")
                )
                ?.Name
        ).ShouldBe(column);
}
