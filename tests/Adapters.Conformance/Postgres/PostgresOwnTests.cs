using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Postgres;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Postgres;

/// <summary>What only a server does: it can be away, refuse us, hang up; and it has types that users made.</summary>
public sealed class PostgresOwnTests(PostgresEngine engine) : IClassFixture<PostgresEngine>
{
    private const string Secret = "s3cr3t-w0rd";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task OpenSession_NobodyListens_NamesHostAndPort()
    {
        await using var adapter = With(("port", "1"), ("password", Secret));
        var error = await FailsAsync(adapter.OpenSessionAsync(None));
        error.Kind.ShouldBe(EngineErrorKind.Connection);
        error.IsTransient.ShouldBeTrue();
        error.Message.ShouldBe($"nothing answers at {engine.Database.Server.Host}:1: connection refused");
        (await FailsAsync(adapter.TryLockStateAsync("run-1", None))).Message.ShouldBe(error.Message);
        (await FailsAsync(adapter.CheckAsync(None))).Message.ShouldBe(error.Message);
    }

    [Fact]
    public async Task OpenSession_UnknownHost_IsNamed()
    {
        await using var adapter = With(("host", "no-such-host.invalid"), ("connect_timeout", "5"));
        var error = await FailsAsync(adapter.OpenSessionAsync(None));
        error.Kind.ShouldBe(EngineErrorKind.Connection);
        error.Message.ShouldContain("no-such-host.invalid");
    }

    [Fact]
    public async Task OpenSession_UnknownDatabase_IsAConnectionErrorThatIsNotTransient()
    {
        await using var adapter = With(("database", "no such database"), ("password", Secret));
        var error = await FailsAsync(adapter.OpenSessionAsync(None));
        error.Kind.ShouldBe(EngineErrorKind.Connection);
        error.IsTransient.ShouldBeFalse();
        error.Message.ShouldContain("no such database");
    }

    [Fact]
    public async Task Read_OfTextThatIsNoUtf8_IsRefusedByTheServer()
    {
        var name = engine.Database.Name + "_ascii";
        await using var session = await engine.OpenAsync();
        await session.ExecuteAsync(
            $"create database {name} encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0",
            None
        );
        try
        {
            await using var adapter = With(("database", name));
            await using var there = await adapter.OpenSessionAsync(None);
            await using var reader = await there.OpenReaderAsync("select chr(200) as name", None);
            var error = await FailsAsync(reader.ReadAsync(None).AsTask());
            error.Message.ShouldContain("invalid byte sequence for encoding \"UTF8\": 0xc8");
        }
        finally
        {
            await session.ExecuteAsync($"drop database {name} with (force)", None);
        }
    }

    [Fact]
    public async Task OpenSession_UnknownUser_IsAPermissionError()
    {
        await using var adapter = With(("user", "no such user"), ("password", Secret));
        var error = await FailsAsync(adapter.OpenSessionAsync(None));
        error.Kind.ShouldBe(EngineErrorKind.Permission);
        error.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Execute_SecretInAStatement_IsTakenOutOfTheMessage()
    {
        await using var adapter = With(("password", Secret));
        await using var session = await adapter.OpenSessionAsync(None);
        var error = await FailsAsync(session.ExecuteAsync($"select \"{Secret}\"", None));
        error.Message.ShouldContain("***");
        error.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Execute_WithoutThePrivilege_IsAPermissionError()
    {
        await using var session = await engine.OpenAsync();
        var role = $"r_{Guid.NewGuid():N}";
        await session.ExecuteAsync("create table if not exists closed (i int)", None);
        await session.ExecuteAsync($"create role {role}", None);
        await session.ExecuteAsync($"set role {role}", None);
        (await FailsAsync(session.ExecuteAsync("select * from closed", None))).Kind.ShouldBe(
            EngineErrorKind.Permission
        );
        await session.ExecuteAsync("reset role", None);
        await session.ExecuteAsync($"drop role {role}", None);
    }

    [Fact]
    public async Task Execute_BackendTerminated_IsATransientConnectionError()
    {
        await using var session = await engine.OpenAsync();
        await using var killer = await engine.OpenAsync();
        var pid = (await session.QueryAsync("select pg_backend_pid()", 1, None)).Scalar;
        var running = session.ExecuteAsync(engine.EndlessQuery, None);
        await killer.ExecuteAsync($"select pg_terminate_backend({pid})", None);
        var error = await FailsAsync(running);
        error.Kind.ShouldBe(EngineErrorKind.Connection);
        error.IsTransient.ShouldBeTrue();
        session.IsLost.ShouldBeTrue();
        // again, and in every way
        (await FailsAsync(session.ExecuteAsync("select 1", None))).Message.ShouldContain("was lost");
        (await FailsAsync(session.BeginAsync(None))).Kind.ShouldBe(EngineErrorKind.Connection);
        (await FailsAsync(session.OpenReaderAsync("select 1 as i", None))).Kind.ShouldBe(
            EngineErrorKind.Connection
        );
        await using var next = await engine.OpenAsync();
        (await next.QueryAsync("select 1", 1, None)).Scalar.ShouldBe(1L);
    }

    [Fact]
    public async Task Session_OfADatabaseWithFormatsOfItsOwn_ReadsTimesAllTheSame()
    {
        await using (var session = await engine.OpenAsync())
        {
            var name = (await session.QueryAsync("select quote_ident(current_database())", 1, None)).Scalar;
            await session.ExecuteAsync($"alter database {name} set datestyle = 'German'", None);
            await session.ExecuteAsync($"alter database {name} set intervalstyle = 'iso_8601'", None);
        }
        await using var adapter = PostgresEngine.CreateAdapter([.. engine.Options]);
        await using var later = await adapter.OpenSessionAsync(None);
        var row = await later.QueryAsync(
            "select current_setting('DateStyle'), current_setting('IntervalStyle'), timestamptz '2026-11-27 12:00+01'",
            1,
            None
        );
        $"{row.Rows[0][0]}".ShouldStartWith("ISO");
        row.Rows[0][1].ShouldBe("postgres");
        $"{row.Rows[0][2]:O}".ShouldStartWith("2026-11-27T11:00");
    }

    [Theory]
    [InlineData("statement_timeout = '20ms'", "select pg_sleep(5)", "statement_timeout")]
    [InlineData(
        "default_transaction_read_only = on",
        "create table refused (i int)",
        "default_transaction_read_only"
    )]
    public async Task Execute_RefusedForASetting_NamesIt(string setting, string sql, string hint)
    {
        await using var session = await engine.OpenAsync();
        await session.ExecuteAsync($"set {setting}", None);
        (await FailsAsync(session.ExecuteAsync(sql, None))).Hint.ShouldNotBeNull().ShouldContain(hint);
    }

    [Theory]
    [InlineData(null, "1.1", "4")]
    [InlineData("2.5", "2.5", "2.5")]
    public async Task PreferIndexes_UnlessTheServerHasACostOfItsOwn_HoldsForTheScopeAndInTransactions(
        string? set,
        string within,
        string outside
    )
    {
        await using var session = await engine.OpenAsync();
        if (set is not null)
            await session.ExecuteAsync($"set random_page_cost = {set}", None);
        (await CostAsync()).ShouldBe(outside);

        await using (var transaction = await session.BeginAsync(None))
        {
            (await CostAsync()).ShouldBe(within);
            await using (await session.PreferIndexesAsync(None))
                (await CostAsync()).ShouldBe(within);
            (await CostAsync()).ShouldBe(within);
            await transaction.CommitAsync(None);
        }
        (await CostAsync()).ShouldBe(outside);
        await using (await session.PreferIndexesAsync(None))
            (await CostAsync()).ShouldBe(within);
        (await CostAsync()).ShouldBe(outside);

        async Task<object?> CostAsync() =>
            (await session.QueryAsync("select current_setting('random_page_cost')", 1, None)).Scalar;
    }

    [Fact]
    public async Task Transaction_BackendTerminated_CanStillBeDisposed()
    {
        await using var session = await engine.OpenAsync();
        await using var killer = await engine.OpenAsync();
        var pid = (await session.QueryAsync("select pg_backend_pid()", 1, None)).Scalar;
        await using var transaction = await session.BeginAsync(None);
        await killer.ExecuteAsync($"select pg_terminate_backend({pid})", None);
        (await FailsAsync(transaction.CommitAsync(None))).Kind.ShouldBe(EngineErrorKind.Connection);
    }

    [Fact]
    public async Task Execute_DropOfWhatAViewNeeds_TellsOfDependents()
    {
        await using var session = await engine.OpenAsync();
        await session.ExecuteAsync("create table base_of_view (i int)", None);
        await session.ExecuteAsync("create view on_top as select * from base_of_view", None);
        var error = await FailsAsync(session.ExecuteAsync("drop table base_of_view", None));
        error.Kind.ShouldBe(EngineErrorKind.Dependents);
        error.Message.ShouldContain("on_top");
        var retyped = session.ExecuteAsync("alter table base_of_view alter column i type bigint", None);
        (await FailsAsync(retyped)).Kind.ShouldBe(EngineErrorKind.Dependents);
    }

    [Theory]
    [InlineData("timestamp(3)", "timestamp(3) without time zone")]
    [InlineData("timestamptz(0)", "timestamp(0) with time zone")]
    [InlineData("time(0)", "time(0) without time zone")]
    [InlineData("varbit(8)", "bit varying(8)")]
    [InlineData("char(5)", "character(5)")]
    [InlineData("varchar(5)[]", "character varying(5)[]")]
    [InlineData("interval", "interval")]
    public async Task DescribeQuery_Modifiers_AreWrittenAsTheServerDoes(string type, string expected)
    {
        await using var session = await engine.OpenAsync();
        var column = (
            await session.DescribeQueryAsync($"select null::{type} as x", None)
        ).ShouldHaveSingleItem();
        column.Type.ShouldBe(expected);
    }

    [Fact]
    public async Task Read_TypesThatUsersMade_TravelAsTheirNextOfKin()
    {
        await using var session = await engine.OpenAsync();
        var schema = await engine.CreateSchemaAsync(session);
        await session.ExecuteAsync($"create type {schema}.mood as enum ('sad', 'it''s fine')", None);
        await session.ExecuteAsync(
            $"create domain {schema}.percent as numeric(5, 2) check (value <= 100)",
            None
        );
        await session.ExecuteAsync($"create type {schema}.point3 as (x int, y int, label text)", None);
        var sql = $"""
            select 'it''s fine'::{schema}.mood as m, 12.5::{schema}.percent as p, row(1, null, 'a')::{schema}.point3 as c,
                array['sad', null]::{schema}.mood[] as ms, 'abc'::char(5) as ch
            """;
        await using var reader = await session.OpenReaderAsync(sql, None);
        reader
            .Columns.Select(column => column.Type.Kind)
            .ShouldBe([
                TransferKind.Text,
                TransferKind.Decimal,
                TransferKind.Json,
                TransferKind.List,
                TransferKind.Text,
            ]);
        reader.Columns[0].SourceType.ShouldBe($"{schema}.mood");
        var batch = (await reader.ReadAsync(None)).ShouldNotBeNull();
        var row = batch.Columns.Select(column => column.ToObjects(1)[0]).ToArray();
        row[0].ShouldBe("it's fine");
        row[1].ShouldBe((Int128)1250);
        row[2].ShouldBe("{\"x\": 1, \"y\": null, \"label\": \"a\"}");
        row[3].ShouldBe(new object?[] { "sad", null });
        row[4].ShouldBe("abc  ");
        (await reader.ReadAsync(None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("'127.0.0.1'::inet", "inet")]
    [InlineData("'[1,5)'::int4range", "int4range")]
    [InlineData("'12.34'::money", "money")]
    [InlineData("point(1, 2)", "point")]
    [InlineData("array['127.0.0.1'::inet]", "inet[]")]
    public async Task Read_TypesWithoutCounterpart_AreRefusedByName(string value, string type)
    {
        await using var session = await engine.OpenAsync();
        var column = (
            await session.DescribeTransferAsync($"select {value} as v", None)
        ).ShouldHaveSingleItem();
        column.SourceType.ShouldBe(type);
        var error = await FailsAsync(session.OpenReaderAsync($"select {value} as v", None));
        error.Kind.ShouldBe(EngineErrorKind.Unsupported);
        error.Message.ShouldContain(type);
        error.Hint.ShouldNotBeNull().ShouldContain("text");
    }

    [Theory]
    [InlineData("array[[1, 2], [3, 4]]", "several dimensions")]
    [InlineData("'NaN'::numeric(10, 2)", "NaN")]
    [InlineData("999999999999999999999999999999999999999::numeric(39, 0)", "38 digits")]
    [InlineData("'294276-12-31'::timestamp", "294246")]
    public async Task Read_ValuesThatCannotTravel_AreDataErrorsThatNameColumnAndRow(
        string value,
        string words
    )
    {
        await using var session = await engine.OpenAsync();
        await using var reader = await session.OpenReaderAsync($"select {value} as odd", None);
        var error = await FailsAsync(reader.ReadAsync(None).AsTask());
        error.Kind.ShouldBe(EngineErrorKind.Data);
        error.Message.ShouldContain("column 'odd'");
        error.Message.ShouldContain(words);
        error.Message.ShouldContain("row 1");
    }

    [Fact]
    public void Create_WrongOptions_AreReportedTogether()
    {
        var diagnostics = new DiagnosticBag();
        var config = EngineUnderTest.Config(
            EngineType.Postgres,
            ("prot", "5432"),
            ("port", "70000"),
            ("sslmode", "maybe"),
            ("database", "x")
        );
        PostgresAdapter.Create(config, diagnostics).ShouldBeNull();
        var found = diagnostics.ToSorted();
        found.Select(d => d.Code).ShouldBe(["ST5012", "ST5013", "ST5013", "ST5014"], ignoreOrder: true);
        found.Single(d => d.Code == "ST5012").Hint.ShouldBe("did you mean 'port'?");
    }

    private IAdapter With(params (string Key, string Value)[] options) =>
        PostgresEngine.CreateAdapter([
            .. engine.Options.Where(option => options.All(other => other.Key != option.Key)),
            .. options,
        ]);

    private static async Task<EngineError> FailsAsync(Task statement) =>
        (await Should.ThrowAsync<EngineException>(statement)).Error;
}
