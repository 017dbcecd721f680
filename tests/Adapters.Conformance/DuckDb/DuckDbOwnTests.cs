using System.Collections.Immutable;
using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.DuckDb;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.DuckDb;

/// <summary>What only DuckDB does: files, one process at a time, limits, and types of its own.</summary>
public sealed class DuckDbOwnTests(DuckDbEngine engine) : IClassFixture<DuckDbEngine>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("missing.json", null, "read_json")]
    [InlineData("cut.json", "{\"a\":1}\n{\"a\":", "read_json")]
    [InlineData("wild.csv", "a,b\n1,2\n3,4,5\nx", "read_csv")]
    [InlineData("typed.csv", "a,b\n1,2\nx,3\n", "read_csv")]
    [InlineData("not.parquet", "PARx", "read_parquet")]
    public async Task Execute_UnreadableFile_IsAFileErrorThatNamesIt(
        string name,
        string? content,
        string reader
    )
    {
        using var folder = new TemporaryFolder();
        var path = content is null ? folder.Combine(name) : folder.Write(name, content);
        var columns =
            reader == "read_csv"
                ? ", columns = {'a': 'int', 'b': 'int'}, auto_detect = false, header = true"
                : "";
        await using var session = await engine.OpenAsync();
        var error = await FailsAsync(
            session.ExecuteAsync(
                $"select * from {reader}({DuckDbDialect.Instance.QuoteString(path)}{columns})",
                None
            )
        );
        error.Kind.ShouldBe(EngineErrorKind.File);
        error.Message.ShouldContain(name);
    }

    [Fact]
    public async Task Execute_OutOfMemory_IsAResourceErrorWithAdvice()
    {
        using var folder = new TemporaryFolder();
        await using var adapter = DuckDbEngine.CreateAdapter(
            folder.Path,
            ("memory_limit", "20MB"),
            ("max_temp_directory_size", "1MB")
        );
        await using var session = await adapter.OpenSessionAsync(None);
        var error = await FailsAsync(
            session.ExecuteAsync(
                "create table t as select i, hash(i)::varchar || hash(i + 1)::varchar as s from range(3000000) r(i) order by s",
                None
            )
        );
        error.Kind.ShouldBe(EngineErrorKind.Resources);
    }

    /// <summary>What Postgres takes for json is loaded as it is, though DuckDB would not make json of such a text.</summary>
    [Fact]
    public async Task Write_JsonThatIsNoUnicode_IsKept()
    {
        const string half = "\"\\ud800\"";
        await using var session = await engine.OpenAsync();
        var table = new RelationName(await engine.CreateSchemaAsync(session), "t");
        var name = DuckDbDialect.Instance.Quote(table);
        await session.ExecuteAsync($"create table {name} (one json, many json[])", None);
        var json = new TransferType(TransferKind.Json);
        ImmutableArray<TransferColumn> columns =
        [
            new("one", json, "json"),
            new("many", new TransferType(TransferKind.List) { Element = json }, "json[]"),
        ];
        var batch = ColumnBatch.Create(columns);
        batch.Columns[0].Set(0, half);
        batch.Columns[1].Set(0, new object?[] { half, null });
        batch.Count = 1;
        await using (var writer = await session.OpenWriterAsync(table, columns, None))
        {
            await writer.WriteAsync(batch, None);
            (await writer.CompleteAsync(None)).ShouldBe(1);
        }
        var rows = await session.QueryAsync(
            $"select cast(one as varchar), cast(many[1] as varchar), many[2] from {name}",
            10,
            None
        );
        rows.Rows.Single().ShouldBe([half, half, null]);
    }

    [Fact]
    public async Task OpenSession_HeldByAnotherProcess_SaysByWhich()
    {
        var held = new DuckDbEngine();
        using var probe = await LockProbe.StartAsync(held);
        await using (var adapter = held.CreateAdapter())
        {
            var error = await FailsAsync(adapter.OpenSessionAsync(None));
            error.Kind.ShouldBe(EngineErrorKind.Locked);
            error.Message.ShouldContain($"PID {probe.Id}");
            error.Message.ShouldContain("lake.duckdb");
        }
        await probe.KillAsync();
        await held.DisposeAsync();
    }

    [Fact]
    public async Task OpenSession_NoDatabaseFile_IsAConnectionError()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "sub folder/lake.duckdb",
            "this is no database, though it is long enough to be looked at"
        );
        await using var adapter = DuckDbEngine.CreateAdapter(folder.Path);
        var error = await FailsAsync(adapter.OpenSessionAsync(None));
        error.Kind.ShouldBe(EngineErrorKind.Connection);
        error.Message.ShouldContain("lake.duckdb");
    }

    [Fact]
    public async Task OpenSession_FolderCannotBeMade_IsAConnectionError()
    {
        using var folder = new TemporaryFolder();
        folder.Write("sub folder", "a file where a folder is wanted");
        await using var adapter = DuckDbEngine.CreateAdapter(folder.Path);
        (await FailsAsync(adapter.OpenSessionAsync(None))).Kind.ShouldBe(EngineErrorKind.Connection);
    }

    [Fact]
    public async Task ReadOnly_Session_ReadsAndCannotWrite()
    {
        using var folder = new TemporaryFolder();
        await using (var writer = DuckDbEngine.CreateAdapter(folder.Path))
        await using (var session = await writer.OpenSessionAsync(None))
            await session.ExecuteAsync("create table t as select 42 as x", None);
        await using var adapter = DuckDbEngine.CreateAdapter(folder.Path, ("read_only", "true"));
        await using var reader = await adapter.OpenSessionAsync(None);
        (await reader.QueryAsync("select x from t", 1, None)).Scalar.ShouldBe(42L);
        await FailsAsync(reader.ExecuteAsync("drop table t", None));
    }

    [Fact]
    public async Task InMemory_Sessions_ShareOneDatabase()
    {
        var diagnostics = new DiagnosticBag();
        var config = EngineUnderTest.Config(EngineType.DuckDb, ("path", ":memory:"), ("threads", "1"));
        await using var adapter = DuckDbAdapter.Create(config, "/", diagnostics).ShouldNotBeNull();
        await using var one = await adapter.OpenSessionAsync(None);
        await using var two = await adapter.OpenSessionAsync(None);
        await one.ExecuteAsync("create table t as select 1 as x", None);
        (await two.QueryAsync("select x from t", 1, None)).Scalar.ShouldBe(1L);
        (await two.QueryAsync("select current_setting('threads')", 1, None)).Scalar.ShouldBe(1L);
    }

    [Fact]
    public async Task BlockSize_OfANewFile_IsKeptByIt()
    {
        using var folder = new TemporaryFolder();
        (await BlockSizeAsync(("block_size", "16KB"))).ShouldBe(16384L);
        (await BlockSizeAsync()).ShouldBe(16384L);

        async Task<object?> BlockSizeAsync(params (string, string)[] options)
        {
            var config = EngineUnderTest.Config(EngineType.DuckDb, [("path", "small.duckdb"), .. options]);
            await using var adapter = DuckDbAdapter
                .Create(config, folder.Path, new DiagnosticBag())
                .ShouldNotBeNull();
            await using var session = await adapter.OpenSessionAsync(None);
            return (
                await session.QueryAsync(
                    "select block_size from pragma_database_size() where database_name = 'small'",
                    1,
                    None
                )
            ).Scalar;
        }
    }

    [Fact]
    public async Task WalAutocheckpoint_IsLongerThanDuckDbsOwn_UnlessAskedFor()
    {
        (await LimitAsync()).ShouldBe("122.0 MiB");
        (await LimitAsync(("wal_autocheckpoint", "16MB"))).ShouldBe("15.2 MiB");

        static async Task<object?> LimitAsync(params (string, string)[] options)
        {
            using var folder = new TemporaryFolder();
            var config = EngineUnderTest.Config(EngineType.DuckDb, [("path", "log.duckdb"), .. options]);
            await using var adapter = DuckDbAdapter
                .Create(config, folder.Path, new DiagnosticBag())
                .ShouldNotBeNull();
            await using var session = await adapter.OpenSessionAsync(None);
            return (await session.QueryAsync("select current_setting('wal_autocheckpoint')", 1, None)).Scalar;
        }
    }

    [Fact]
    public async Task Execute_ExtensionThatIsNotThere_IsUnsupportedInsteadOfADownload()
    {
        await using var session = await engine.OpenAsync();
        var error = await FailsAsync(
            session.ExecuteAsync("select * from read_csv('http://127.0.0.1:1/x.csv')", None)
        );
        error.Kind.ShouldBe(EngineErrorKind.Unsupported);
        error.Message.ShouldContain("httpfs");
    }

    [Theory]
    [InlineData("[1, null, 3]")]
    [InlineData("{'a': 1, 'b': [true, null], 'c': {'d': 'x'}}")]
    [InlineData("map {'k': 1, 'l': 2}")]
    [InlineData("array_value(1, 2, 3)")]
    [InlineData("union_value(n := 1)")]
    [InlineData("'10110'::bit")]
    [InlineData("interval '1 year 2 months 3 days 04:05:06.7'")]
    [InlineData("'12:34:56.789+05:30'::timetz")]
    [InlineData("timestamp_ns '2024-02-29 12:34:56.123456789'")]
    [InlineData("date '5000-01-01 (BC)'")]
    [InlineData("date '12345-06-07'")]
    [InlineData("timestamp '12345-06-07 08:09:10.5'")]
    [InlineData("timestamp '4000-06-07 (BC) 08:09:10'")]
    [InlineData("timestamptz '12345-06-07 08:09:10+00'")]
    [InlineData("'24:00:00'::time")]
    [InlineData("340282366920938463463374607431768211455::uhugeint")]
    [InlineData("1234567890123456789012345678901234567890::bignum")]
    [InlineData("'b'::enum('a', 'b')")]
    [InlineData("'{\"a\": 1}'::json")]
    public async Task Query_TypesOfItsOwn_AreDuckDbsText(string value)
    {
        await using var session = await engine.OpenAsync();
        var rows = await session.QueryAsync($"select {value} as v, ({value})::varchar as t", 1, None);
        rows.Rows[0][0].ShouldBe(rows.Rows[0][1]);
    }

    [Fact]
    public async Task Query_SmallerUnitsAndUnsigned_ArePlainClrValues()
    {
        await using var session = await engine.OpenAsync();
        var rows = await session.QueryAsync(
            """
            select 200::utinyint, 60000::usmallint, 4000000000::uinteger, 18446744073709551615::ubigint, -5::tinyint,
                123::hugeint, timestamp_s '2024-02-29 12:34:56', timestamp_ms '2024-02-29 12:34:56.789', null, 'x'::blob
            """,
            1,
            None
        );
        rows.Rows[0]
            .ShouldBe([
                200L,
                60000L,
                4000000000L,
                18446744073709551615m,
                -5L,
                123L,
                new DateTime(2024, 2, 29, 12, 34, 56),
                new DateTime(2024, 2, 29, 12, 34, 56, 789),
                null,
                "x"u8.ToArray(),
            ]);
    }

    [Fact]
    public void Create_WrongOptions_AreReportedTogether()
    {
        var diagnostics = new DiagnosticBag();
        var config = EngineUnderTest.Config(
            EngineType.DuckDb,
            ("threads", "many"),
            ("read_only", "perhaps"),
            ("memry_limit", "1GB")
        );
        DuckDbAdapter.Create(config, "/", diagnostics).ShouldBeNull();
        var found = diagnostics.ToSorted();
        found.Select(d => d.Code).ShouldBe(["ST5012", "ST5013", "ST5013", "ST5014"], ignoreOrder: true);
        found.Single(d => d.Code == "ST5012").Hint.ShouldBe("did you mean 'memory_limit'?");
    }

    private static async Task<EngineError> FailsAsync(Task statement) =>
        (await Should.ThrowAsync<EngineException>(statement)).Error;
}
