using System.Reflection;
using System.Text.Json;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Statements;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Statements;

/// <summary>What a session does is what its log says.</summary>
public sealed class StatementLogTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();
    private readonly MemoryStream _file = new();
    private readonly StatementLog _log;

    public StatementLogTests() =>
        _log = new StatementLog(
            _file,
            "20261121T014500-3f9a",
            text => text.Replace("hunter22", "***", StringComparison.Ordinal),
            TimeProvider.System
        );

    public static TheoryData<Type> Decorators =>
        [
            typeof(LoggedAdapter),
            typeof(LoggedSession),
            typeof(LoggedTransaction),
            typeof(LoggedReader),
            typeof(LoggedWriter),
        ];

    private LoggedStatement[] Logged => LoggedStatement.Read(_file);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _log.Dispose();
        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task Session_StatementsAndQueries_AreLoggedWithTheirRows()
    {
        await using var session = await OpenAsync();
        await session.ExecuteAsync("create table t (id int)", default);
        await session.ExecuteAsync("insert into t values (1), (2), (3)", default);
        await session.QueryAsync("select id from t where id < 3", 10, default);
        await session.DescribeQueryAsync("select id from t", default);
        await session.ListRelationsAsync(["main", "raw"], default);

        Logged
            .Select(one => (one.Kind, one.Rows, one.Sql))
            .ShouldBe([
                ("connect", null, "-- open a session"),
                ("statement", null, "create table t (id int)"),
                ("statement", 3, "insert into t values (1), (2), (3)"),
                ("query", 2, "select id from t where id < 3"),
                ("describe", null, "select id from t"),
                ("describe", 1, "-- relations of the schemas main, raw"),
            ]);
        Logged.ShouldAllBe(one =>
            one.RunId == "20261121T014500-3f9a"
            && one.Connection == "duck"
            && one.Engine == "duckdb"
            && one.Node == null
            && one.Error == null
            && one.Ms >= 0
        );
        Logged.Select(one => one.At).ShouldBeInOrder();
    }

    [Fact]
    public async Task Session_StatementFails_IsLoggedWithTheEnginesWords()
    {
        await using var session = await OpenAsync();
        var thrown = await Should.ThrowAsync<EngineException>(() =>
            session.QueryAsync("select 'hunter22', nope", 10, default)
        );

        var last = Logged[^1];
        last.Sql.ShouldBe("select '***', nope");
        last.Error.ShouldBe(thrown.Message.Replace("hunter22", "***", StringComparison.Ordinal));
        last.Rows.ShouldBeNull();
    }

    [Fact]
    public async Task Session_Cancelled_IsLogged()
    {
        await using var session = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            session.ExecuteAsync("select 1", cancel.Token)
        );

        Logged[^1].Error.ShouldBe("cancelled");
    }

    [Fact]
    public async Task Transaction_EndsOnce_AndHowIsLogged()
    {
        await using var session = await OpenAsync();
        await using (var kept = await session.BeginAsync(default))
        {
            await session.ExecuteAsync("create table t (id int)", default);
            await kept.CommitAsync(default);
        }
        await using (await session.BeginAsync(default))
            await session.ExecuteAsync("drop table t", default);

        Logged
            .Select(one => one.Kind)
            .ShouldBe(["connect", "begin", "statement", "commit", "begin", "statement", "rollback"]);
        (await session.QueryAsync("select count(*) from t", 1, default)).ScalarLong.ShouldBe(0);
    }

    [Fact]
    public async Task Bulk_ReadAndWrite_AreOneLineEach()
    {
        await using var from = await OpenAsync();
        await using var to = await OpenAsync();
        await to.ExecuteAsync("create table copy (i bigint)", default);
        await using (var reader = await from.OpenReaderAsync("select range as i from range(5000)", default))
        await using (
            var writer = await to.OpenWriterAsync(new RelationName("main", "copy"), reader.Columns, default)
        )
        {
            while (await reader.ReadAsync(default) is { } batch)
            {
                await writer.WriteAsync(batch, default);
                reader.Recycle(batch);
            }
            await writer.CompleteAsync(default);
        }

        Logged
            .Where(one => one.Kind is "read" or "write")
            .Select(one => (one.Kind, one.Rows, one.Error, one.Sql))
            .ShouldBe([
                ("read", 5000, null, "select range as i from range(5000)"),
                ("write", 5000, null, """-- bulk load into "main"."copy" """.TrimEnd()),
            ]);
    }

    [Fact]
    public async Task Bulk_GivenUp_IsLoggedAsSuch()
    {
        await using var session = await OpenAsync();
        await using (
            var reader = await session.OpenReaderAsync("select range as i from range(500000)", default)
        )
            (await reader.ReadAsync(default)).ShouldNotBeNull();

        Logged[^1].Error.ShouldBe("not read to its end");
        Logged[^1].Rows.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Scope_GoesAlongWithTheWork_AndEndsWithIt()
    {
        await using var session = await OpenAsync();
        await InScopeAsync();
        await session.ExecuteAsync("select 2", default);

        Logged
            .Skip(1)
            .Select(one => (one.Node, one.Phase, one.Sql))
            .ShouldBe([("model.shop.orders", "stage", "select 1"), (null, null, "select 2")]);

        async Task InScopeAsync()
        {
            using var scope = StatementScope.Enter(null, "stage");
            using var node = StatementScope.EnterNode("model.shop.orders");
            await Task.Run(() => session.ExecuteAsync("select 1", default));
        }
    }

    [Fact]
    public async Task Log_TextThatIsNoUnicode_IsWrittenAllTheSame()
    {
        await using var session = await OpenAsync();
        await Should.ThrowAsync<EngineException>(() => session.ExecuteAsync("nope \ud800 'é'", default));

        Logged[^1].Sql.ShouldBe("nope \ufffd 'é'");
    }

    [Fact]
    public async Task Log_DiskIsFull_EndsBehindAWholeLine_AndTheSessionGoesOn()
    {
        using var disk = new SmallDisk(600);
        using var log = new StatementLog(disk, null, text => text, TimeProvider.System);
        await using var session = await log.Watch(_bench.Adapters["duck"]).OpenSessionAsync(default);
        for (var i = 0; i < 10; i++)
            (await session.QueryAsync($"select {i}", 1, default)).ScalarLong.ShouldBe(i);

        log.Failure.ShouldBe("no space left");
        var logged = LoggedStatement.Read(disk);
        logged.Length.ShouldBeInRange(1, 9);
        logged[^1].Sql.ShouldBe($"select {logged.Length - 2}");
    }

    [Fact]
    public async Task Open_FileThatHasLines_AppendsToIt()
    {
        var path = Path.Combine(_bench.Folder, "logs", "statements.jsonl");
        for (var i = 0; i < 2; i++)
        {
            using var log = StatementLog.Open(path, null, text => text, TimeProvider.System);
            await using var session = await log.Watch(_bench.Adapters["duck"]).OpenSessionAsync(default);
            // whoever kills the process now has it
            (await ReadLinesAsync(path)).Length.ShouldBe(i + 1);
        }
    }

    [Fact]
    public async Task Open_OneFileTwice_KeepsEveryLineWhole()
    {
        const int Lines = 5_000;
        var path = Path.Combine(_bench.Folder, "statements.jsonl");
        using var start = new Barrier(2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(WriteLines)));

        var lines = await ReadLinesAsync(path);
        lines.Length.ShouldBe(2 * Lines);
        foreach (var line in lines)
            JsonDocument.Parse(line).Dispose();

        void WriteLines()
        {
            using var log = StatementLog.Open(path, null, text => text, TimeProvider.System);
            start.SignalAndWait();
            for (var i = 0; i < Lines; i++)
                log.Write(Statement(log, new string('x', i % 300)), TimeSpan.Zero, null, null);
        }
    }

    /// <summary>Linux says which locks there are: another process waits as long as there is one.</summary>
    [Fact]
    public void Write_ToAFile_HoldsItsLockMeanwhile_AndNotLonger()
    {
        if (!File.Exists(LockedFile.Locks))
            return;
        using var file = new LockedFile(Path.Combine(_bench.Folder, "statements.jsonl"));
        using var log = new StatementLog(file, null, text => text, TimeProvider.System);

        log.Write(Statement(log, "select 1"), TimeSpan.Zero, null, null);

        file.WasLocked.ShouldBe([true]);
        LockedFile.IsLocked().ShouldBeFalse();
        log.Failure.ShouldBeNull();
    }

    [Fact]
    public void Open_NewFile_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Path.Combine(_bench.Folder, "statements.jsonl");
        StatementLog.Open(path, null, text => text, TimeProvider.System).Dispose();

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>An interface's own body would answer for the adapter otherwise.</summary>
    [Theory]
    [MemberData(nameof(Decorators))]
    public void Decorator_AnswersForNothingItself(Type decorator)
    {
        foreach (var seam in decorator.GetInterfaces().Where(one => one != typeof(IAsyncDisposable)))
            decorator
                .GetInterfaceMap(seam)
                .TargetMethods.ShouldAllBe(method => method.DeclaringType == decorator, seam.Name);
    }

    private RunningStatement Statement(StatementLog log, string sql) =>
        new(log, _bench.Adapters["duck"], StatementKind.Query, sql);

    private Task<ISession> OpenAsync() => _log.Watch(_bench.Adapters["duck"]).OpenSessionAsync(default);

    private static async Task<string[]> ReadLinesAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Sees whether this process has a lock far behind the end of a file while it is written to.</summary>
    private sealed class LockedFile(string path)
        : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)
    {
        public const string Locks = "/proc/locks";

        public List<bool> WasLocked { get; } = [];

        public static bool IsLocked() =>
            File.ReadLines(Locks)
                .Any(line =>
                    line.Contains($" WRITE {Environment.ProcessId} ", StringComparison.Ordinal)
                    && line.Contains("9223372036854775806", StringComparison.Ordinal)
                );

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            WasLocked.Add(IsLocked());
            base.Write(buffer);
        }
    }

    /// <summary>Takes what fits of a write that is too long, as a file system does.</summary>
    private sealed class SmallDisk(int size) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var room = (int)Math.Min(buffer.Length, size - Length);
            base.Write(buffer[..room]);
            if (room < buffer.Length)
                throw new IOException("no space left");
        }
    }
}
