using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Columns;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Tests.Columns;

public sealed class ColumnComparisonTests
{
    private static readonly SqlDialect DuckDb = DuckDbDialect.Instance;
    private static readonly SqlDialect Postgres = PostgresDialect.Instance;

    [Fact]
    public void EachKindOfChange_IsNamed_WithTheTypes() =>
        Differences("id integer, amount integer, gone text", "id integer, amount numeric(12,2), more date")
            .ShouldBe(["~ amount integer -> numeric(12,2)", "- gone text", "+ more date"]);

    [Theory]
    [InlineData(
        "id int4, name varchar, at timestamp without time zone",
        "id INTEGER, name text, at TIMESTAMP"
    )]
    [InlineData("amount decimal(10,0)", "amount NUMERIC(10)")]
    [InlineData("s STRUCT(\"a\" INTEGER)", "s STRUCT(a INTEGER)")]
    public void NamesOfOneType_AreOneType(string before, string now) =>
        Differences(before, now).ShouldBeEmpty();

    [Fact]
    public void Float_HasFourBytesOnDuckDbOnly()
    {
        var declared = Read("r real, d double, f float");
        ColumnComparison
            .Differences(DuckDb, declared, Read("r FLOAT, d FLOAT, f FLOAT"), isExact: false)
            .Select(one => one.ToString())
            .ShouldBe(["~ d double -> FLOAT"]);
        ColumnComparison
            .Differences(
                Postgres,
                declared,
                Read("r real, d double precision, f double precision"),
                isExact: false
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void AnotherPrecision_IsAnotherType()
    {
        Differences("a decimal(10,2)", "a decimal(12,2)").ShouldBe(["~ a decimal(10,2) -> decimal(12,2)"]);
        Differences("a decimal(10,2)", "a decimal(12,2)", isExact: false).Length.ShouldBe(1);
    }

    [Fact]
    public void APrecisionOnOneSideOnly_CountsOnlyWhereItMust()
    {
        Differences("a varchar", "a varchar(10)").ShouldBe(["~ a varchar -> varchar(10)"]);
        Differences("a varchar", "a varchar(10)", isExact: false).ShouldBeEmpty();
    }

    [Fact]
    public void ATypeThatIsNotKnown_IsNotCompared()
    {
        Differences("a", "a integer", isExact: false).ShouldBeEmpty();
        Differences("a, b", "a integer", isExact: false).ShouldBe(["- b"]);
    }

    [Fact]
    public void CaseMatters_WhereTheEngineSaysSo()
    {
        Differences("Id integer", "ID integer").ShouldBeEmpty();
        Differences("Id integer", "ID integer", dialect: Postgres).ShouldBe(["- Id integer", "+ ID integer"]);
    }

    [Theory]
    [InlineData("a, b, c", "c, a, b", "> c after b -> first")]
    [InlineData("a, b, c, d", "b, c, a, d", "> a first -> after c")]
    [InlineData("a, b, c, d, e", "c, d, e, a, b", "> a first -> after e")]
    [InlineData("a, b, c", "c, b, a", "> b after a -> after c|> a first -> after b")]
    public void AsFewColumnsAsPossible_Moved(string before, string now, string expected) =>
        string.Join('|', Differences(before, now)).ShouldBe(expected);

    [Fact]
    public void NewAndRemovedColumns_MoveNobody() =>
        Differences("a, gone, b, c", "new, a, b, newer, c").ShouldBe(["- gone", "+ new", "+ newer"]);

    private static ImmutableArray<string> Differences(
        string before,
        string now,
        bool isExact = true,
        SqlDialect? dialect = null
    ) =>
        [
            .. ColumnComparison
                .Differences(dialect ?? DuckDb, Read(before), Read(now), isExact)
                .Select(one => one.ToString()),
        ];

    // the comma of a precision has no space behind it
    private static ImmutableArray<CheckColumn> Read(string columns) =>
        [
            .. System
                .Text.RegularExpressions.Regex.Split(columns, @",\s+")
                .Select(column => column.Split(' ', 2))
                .Select(parts => new CheckColumn(parts[0], parts.Length > 1 ? parts[1] : null)),
        ];
}
