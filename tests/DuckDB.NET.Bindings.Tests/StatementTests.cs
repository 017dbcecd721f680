using System.Data;
using DuckDB.NET.Data;

namespace Strata.Bindings.Tests;

public sealed class StatementTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public void ExecuteNonQuery_OfChanges_CountsRows()
    {
        database.Execute("create table counted(a int)").ShouldBe(0);
        database.Execute("insert into counted values (1), (2), (3)").ShouldBe(3);
        database.Execute("update counted set a = a + 1 where a > 1").ShouldBe(2);
        database.Execute("delete from counted").ShouldBe(3);
    }

    [Fact]
    public void Reader_OfSeveralStatements_GivesEveryResult()
    {
        using var command = database.Command(
            "create table several(a int); insert into several values (1), (2); select count(*) from several; select 'second'"
        );
        using var reader = command.ExecuteReader();
        var values = new List<object>();
        do
        {
            while (reader.Read())
                values.Add(reader.GetValue(0));
        } while (reader.NextResult());

        values.ShouldBe([2L, "second"]);
    }

    [Fact]
    public void StreamingReader_OfManyChunks_GivesEveryRow()
    {
        using var command = database.Command("select i from range(100000) t(i)");
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        var sum = 0L;
        while (reader.Read())
            sum += reader.GetInt64(0);

        sum.ShouldBe(99_999L * 100_000 / 2);
    }

    [Fact]
    public void Transaction_RolledBack_TakesDataAndTablesWithIt()
    {
        database.Execute("create table kept(a int)");
        using (var transaction = database.Connection.BeginTransaction())
        {
            database.Execute("insert into kept values (1)");
            database.Execute("create table gone(a int)");
            transaction.Rollback();
        }
        using (var transaction = database.Connection.BeginTransaction())
        {
            database.Execute("insert into kept values (2)");
            transaction.Commit();
        }

        database.Scalar("select sum(a)::int from kept").ShouldBe(2);
        database.Scalar("select count(*) from duckdb_tables() where table_name = 'gone'").ShouldBe(0L);
    }

    [Fact]
    public void File_WrittenAndOpenedReadOnly_KeepsItsRowsAndRefusesMore()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("kept.duckdb");
        using (var writer = new DuckDBConnection($"Data Source={file}"))
        {
            writer.Open();
            using var command = writer.CreateCommand();
            command.CommandText = "create table t(a int); insert into t values (1), (2)";
            command.ExecuteNonQuery();
        }

        using var reader = new DuckDBConnection($"Data Source={file};ACCESS_MODE=READ_ONLY;threads=1");
        reader.Open();
        using var query = reader.CreateCommand();
        query.CommandText = "select sum(a)::int from t";
        query.ExecuteScalar().ShouldBe(3);
        query.CommandText = "insert into t values (3)";
        Should.Throw<DuckDBException>(() => query.ExecuteNonQuery()).Message.ShouldContain("read-only");
    }

    [Fact]
    public void Connections_InParallel_SeeTheSameDatabase()
    {
        database.Execute("create table shared as select i from range(1000) t(i)");
        var sums = new long[4];
        Parallel.For(
            0,
            4,
            part =>
            {
                using var connection = database.Connection.Duplicate();
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = $"select sum(i)::bigint from shared where i % 4 = {part}";
                for (var i = 0; i < 25; i++)
                    sums[part] += (long)command.ExecuteScalar()!;
            }
        );

        sums.Sum().ShouldBe(25 * 999L * 1000 / 2);
    }

    [Fact]
    public async Task Cancel_WhileRunning_EndsTheStatementAndLeavesTheConnectionUsable()
    {
        using var command = database.Command(
            "select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3"
        );
        var running = Task.Run(command.ExecuteScalar);
        // a cancellation that comes before the statement has begun is forgotten
        while (!running.IsCompleted)
        {
            await Task.Delay(50);
            command.Cancel();
        }

        await Should.ThrowAsync<Exception>(running);
        database.Scalar("select 42").ShouldBe(42);
    }

    [Fact]
    public void Progress_OfALongQuery_IsReported()
    {
        using var other = database.Connection.Duplicate();
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText =
            "set enable_progress_bar = true; set enable_progress_bar_print = false; set progress_bar_time = 0";
        command.ExecuteNonQuery();
        command.CommandText = "create table hashed as select i, hash(i) h from range(2000000) t(i)";
        command.ExecuteNonQuery();
        command.CommandText = "select max(md5(md5(h::varchar) || i::varchar)) from hashed";
        var running = Task.Run(command.ExecuteScalar);
        var seen = 0.0;
        while (!running.IsCompleted)
            seen = Math.Max(seen, other.GetQueryProgress().Percentage);

        seen.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void ReadersLeftToTheFinalizer_AreReleased()
    {
        database.Execute("create table abandoned as select i from range(5000) t(i)");
        for (var i = 0; i < 200; i++)
        {
            var reader = database.Command("select * from abandoned").ExecuteReader();
            reader.Read().ShouldBeTrue();
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();

        database.Scalar("select 1").ShouldBe(1);
    }

    [Fact]
    public void DataTable_Load_TakesRowsAndColumns()
    {
        using var command = database.Command("select i, 'n' || i as name from range(10) t(i)");
        using var reader = command.ExecuteReader();
        var table = new DataTable();
        table.Load(reader);

        table.Rows.Count.ShouldBe(10);
        table.Columns[1].ColumnName.ShouldBe("name");
    }

    [Fact]
    public void GetSchema_ListsTablesAndColumns()
    {
        database.Execute("create table listed(a int primary key, b varchar)");

        database
            .Connection.GetSchema("Tables")
            .Rows.Cast<DataRow>()
            .Select(row => row["table_name"])
            .ShouldContain("listed");
    }
}
