using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Strata.Bindings.Tests;

public sealed class ErrorTests(Database database) : IClassFixture<Database>
{
    [Theory]
    [InlineData("select a from nope", "Table with name nope does not exist")]
    [InlineData("select\n  1,\n  foo(2)", "Scalar Function with name foo does not exist")]
    [InlineData("selec 1", "syntax error")]
    [InlineData("select 'a'::int", "Could not convert string 'a' to INT32")]
    [InlineData("select unknown_col\nfrom (select 1 a)", "Referenced column \"unknown_col\" not found")]
    public void Statement_ThatIsWrong_ThrowsDuckDbsWords(string sql, string words) =>
        Should.Throw<DuckDBException>(() => database.Scalar(sql)).Message.ShouldContain(words);

    [Fact]
    public void ErrorsAsJson_WithNonAsciiBefore_CountsBytes()
    {
        const string Sql = "select 'é😀', unknown_col from (select 1 a)";
        database.Execute("set errors_as_json = true");
        try
        {
            var message = Should.Throw<DuckDBException>(() => database.Scalar(Sql)).Message;
            var bytesBefore = System.Text.Encoding.UTF8.GetByteCount(Sql[..Sql.IndexOf("unknown_col")]);

            message.ShouldContain($"\"position\":\"{bytesBefore}\"");
        }
        finally
        {
            database.Execute("set errors_as_json = false");
        }
    }

    [Fact]
    public void Open_WhereThereIsNoFolder_Throws()
    {
        using var connection = new DuckDBConnection("Data Source=/nonexistent/x.db");

        Should.Throw<DuckDBException>(connection.Open).Message.ShouldContain("Cannot open file");
    }

    [Fact]
    public void Open_WithAnUnusableSetting_Throws()
    {
        using var connection = new DuckDBConnection("Data Source=:memory:;memory_limit=abc");

        Should.Throw<DuckDBException>(connection.Open).Message.ShouldContain("abc");
    }

    [Fact]
    public void Constraint_Violated_AbortsTheTransaction_ABinderErrorDoesNot()
    {
        database.Execute("create table keyed(a int primary key)");
        using var transaction = database.Connection.BeginTransaction();

        Should.Throw<DuckDBException>(() => database.Execute("select * from nope"));
        database.Scalar("select 1").ShouldBe(1);

        Should
            .Throw<DuckDBException>(() => database.Execute("insert into keyed values (1), (1)"))
            .ErrorType.ShouldBe(DuckDBErrorType.Constraint);
        Should
            .Throw<DuckDBException>(() => database.Scalar("select 1"))
            .Message.ShouldContain("transaction is aborted");
        transaction.Rollback();
    }
}
