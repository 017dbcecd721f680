using DuckDB.NET.Data;

namespace Strata.Bindings.Tests;

/// <summary>Functions written in C#: DuckDB calls back into managed code.</summary>
public sealed class FunctionTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public void ScalarFunction_Registered_IsCalledForEveryRow()
    {
        database.Connection.RegisterScalarFunction<int, int>("plus_one", value => value + 1);

        database.Scalar("select sum(plus_one(i::int))::int from range(100) t(i)").ShouldBe(5050);
    }

    [Fact]
    public void ScalarFunction_ThatThrows_FailsTheStatementWithItsWords()
    {
        database.Connection.RegisterScalarFunction<int, int>(
            "explode",
            value => value > 3 ? throw new InvalidOperationException("bang") : value
        );

        Should
            .Throw<DuckDBException>(() => database.Scalar("select max(explode(i::int)) from range(10) t(i)"))
            .Message.ShouldContain("bang");
    }

    [Fact]
    public void TableFunction_Registered_GivesItsRows()
    {
        database.Connection.RegisterTableFunction(
            "numbered",
            (int rows, string prefix) => Enumerable.Range(0, rows).Select(i => new Numbered(i, prefix + i)),
            row => new { row.Id, row.Name }
        );

        database.Scalar("select sum(Id)::int || max(Name) from numbered(5, 'n')").ShouldBe("10n4");
    }

    private sealed record Numbered(int Id, string Name);
}
