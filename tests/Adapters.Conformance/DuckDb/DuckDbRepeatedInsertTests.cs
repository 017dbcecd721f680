using System.Collections.Immutable;
using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.DuckDb;

/// <summary>
/// Rows that are added where, in the same transaction, none are added as well. DuckDB 1.5.6 counts them and loses them; that it still
/// does is tested as well, so that what works around it can go with its cause.
/// </summary>
public sealed class DuckDbRepeatedInsertTests : IAsyncLifetime
{
    private const int Many = 300_000;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private IAdapter _adapter = null!;
    private ISession _session = null!;

    public async Task InitializeAsync()
    {
        _adapter = DuckDbEngine.CreateAdapter(_folder.Path, ("threads", "2"));
        _session = await _adapter.OpenSessionAsync(None);
        await _session.ExecuteAsync("create table target (id bigint)", None);
        await _session.ExecuteAsync("create table nothing (id bigint)", None);
        await _session.ExecuteAsync($"create table many as select i as id from range({Many}) as t(i)", None);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _adapter.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string[]> Statements() =>
        [
            ["insert into target select id from nothing", "insert into target select id from many"],
            ["insert into target select id from many", "insert into target select id from nothing"],
            [
                "insert into target select id from nothing order by id",
                "insert into target select id from many",
            ],
            [
                "drop table target",
                "create table target as select id from nothing",
                "insert into target select id from many",
            ],
            [
                "insert into target select id from nothing",
                "insert into target select id from nothing",
                "insert into target select id from many limit 200000",
                "insert into target select id from many where id >= 200000",
            ],
            [
                "insert into target select id from many where id < 150000",
                "insert into target select id from nothing",
                "delete from target where id < 0",
                "insert into target select id from many where id >= 150000",
            ],
        ];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Execute_ManyRowsAfterNone_AreThere(string[] statements)
    {
        await using (var transaction = await _session.BeginAsync(None))
        {
            foreach (var sql in statements)
                await _session.ExecuteAsync(sql, None);
            (await CountAsync()).ShouldBe(Many);
            await transaction.CommitAsync(None);
        }
        (await CountAsync()).ShouldBe(Many);
        // nor do they hide what comes later
        await _session.ExecuteAsync("insert into target select id from many", None);
        (await CountAsync()).ShouldBe(2 * Many);
    }

    [Fact]
    public async Task Execute_ManyRowsAfterNone_AreCounted()
    {
        await using var transaction = await _session.BeginAsync(None);
        (await _session.ExecuteAsync("insert into target select id from nothing", None)).ShouldBe(0);
        (await _session.ExecuteAsync("insert into TARGET (id) select id from many;", None)).ShouldBe(Many);
        (await CountAsync()).ShouldBe(Many);
    }

    [Fact]
    public async Task Execute_ACopyAfterNone_IsRefused()
    {
        var file = _folder.Write("rows.csv", "id\n1\n");
        await using var transaction = await _session.BeginAsync(None);
        await _session.ExecuteAsync("insert into target select id from nothing", None);
        var error = await Should.ThrowAsync<EngineException>(() =>
            _session.ExecuteAsync($"copy target from '{file}'", None)
        );
        error.Error.Kind.ShouldBe(EngineErrorKind.Unsupported);
        error.Message.ShouldContain("'target'");
    }

    [Fact]
    public async Task OpenWriter_ManyRowsAfterNone_AreThere()
    {
        var columns = await _session.DescribeTransferAsync("select id from many", None);
        await using (var transaction = await _session.BeginAsync(None))
        {
            await _session.ExecuteAsync("insert into target select id from nothing", None);
            await using var other = await _adapter.OpenSessionAsync(None);
            await using (var reader = await other.OpenReaderAsync("select id from many", None))
            await using (var writer = await _session.OpenWriterAsync(new("main", "target"), columns, None))
            {
                while (await reader.ReadAsync(None) is { } batch)
                    await writer.WriteAsync(batch, None);
                await writer.CompleteAsync(None);
            }
            await transaction.CommitAsync(None);
        }
        (await CountAsync()).ShouldBe(Many);
    }

    /// <summary>Fails with a version of DuckDB that keeps the rows: then <c>RepeatedInserts</c> has no more reason to be.</summary>
    [Fact]
    public async Task DuckDb_StillLosesTheseRows_WhereNothingIsDoneAboutIt()
    {
        // what only reads its own result is not looked at
        foreach (
            var sql in new[]
            {
                "begin",
                "insert into target select id from nothing",
                "insert into target select id from many",
                "commit",
            }
        )
            await _session.QueryAsync(sql, 1, None);
        (await CountAsync()).ShouldBe(0);
    }

    private async Task<long> CountAsync() =>
        (long)(await _session.QueryAsync("select count(*) from target", 1, None)).Scalar!;
}
