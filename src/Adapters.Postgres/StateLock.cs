using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

/// <summary>
/// A session-level advisory lock on a connection of its own: the server lets go of it when that connection
/// ends, however it ends. Every transaction that writes also takes the fence, shared, so that a new holder can wait
/// for those of a holder that is gone: the server may still be carrying them out.
/// </summary>
internal sealed class StateLock : IStateLock
{
    /// <summary>How long a new holder waits for the transactions of one that is gone.</summary>
    private const string Patience = "20s";

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly Options _options;

    // a connection that was ended no longer knows it
    private readonly int _serverProcess;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _watch;

    private StateLock(NpgsqlDataSource source, NpgsqlConnection connection, Options options)
    {
        _source = source;
        _connection = connection;
        _options = options;
        _serverProcess = connection.ProcessID;
        _watch = WatchAsync();
    }

    public CancellationToken Lost => _lost.Token;

    public static async Task<IStateLock?> TryTakeAsync(
        Options options,
        Redaction redaction,
        string runId,
        CancellationToken cancellationToken
    )
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            // back in a pool the connection would stay open, and so would the lock
            Pooling = false,
            // shows in pg_stat_activity who holds it
            ApplicationName = $"strata run {runId}",
            // a server that has gone without a word shows within seconds
            KeepAlive = 10,
        };
        var source = SourceOf(text.ConnectionString);
        var connection = source.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (
                await IsTakenAsync(connection, options, cancellationToken)
                && await AreOthersThroughAsync(connection, options, cancellationToken)
            )
                return new StateLock(source, connection, options);
            await CloseAsync(source, connection);
            return null;
        }
        catch (Exception e)
        {
            await CloseAsync(source, connection);
            if (Errors.IsEngines(e))
                throw Errors.From(e, options, redaction);
            throw;
        }
    }

    /// <summary>The session that holds the lock, by the name that <see cref="TryTakeAsync"/> gave it.</summary>
    public static async Task<string?> FindHolderAsync(
        Session session,
        Options options,
        CancellationToken cancellationToken
    )
    {
        // who holds the lock, else who is still writing without it
        var rows = await session.QueryAsync(
            $"""
            select a.application_name::text, a.pid, coalesce(host(a.client_addr), 'the same host'),
                to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS')
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where {InPgLocks(Key(options.Database))} or {InPgLocks(FenceKey(options.Database))}
            order by {InPgLocks(Key(options.Database))} desc
            """,
            1,
            cancellationToken
        );
        return rows.Rows is [var row]
            ? $"{row[0]}, from {row[2]}, since {row[3]} UTC (server process {row[1]})"
            : null;
    }

    public async Task FenceAsync(ISession session, CancellationToken cancellationToken)
    {
        // first the fence: from here on no other run gets past taking the lock
        await session.QueryAsync(
            $"select pg_advisory_xact_lock_shared({Literal(FenceKey(_options.Database))})::text",
            1,
            cancellationToken
        );
        var held = await session.QueryAsync(
            $"""
            select count(*) from pg_locks l
            where l.pid = {_serverProcess} and {InPgLocks(Key(_options.Database))}
            """,
            1,
            cancellationToken
        );
        if (held.Scalar is not 1L)
        {
            throw Errors.Of(
                EngineErrorKind.Connection,
                $"the run's lock on {_options.Address} is lost, so nothing more is written there"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _watch;
        try
        {
            // the server would let go only some time after the connection is closed; the next run may be quicker
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", _connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception e) when (Errors.IsEngines(e) || e is InvalidOperationException)
        {
            // a connection that is lost already has taken the lock with it
        }
        await CloseAsync(_source, _connection);
        _lost.Dispose();
        _released.Dispose();
    }

    /// <summary>Nothing but numbers and truth values comes by: asking the server for its types would take longer than the lock.</summary>
    private static NpgsqlDataSource SourceOf(string connectionString) =>
        new NpgsqlDataSourceBuilder(connectionString)
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();

    private static async Task CloseAsync(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }

    /// <summary>Listens on the idle connection: a server that ends it says so, and nothing else ever comes.</summary>
    private async Task WatchAsync()
    {
        try
        {
            while (!_released.IsCancellationRequested)
                await _connection.WaitAsync(_released.Token);
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // the lock is given back
        }
        catch (Exception e) when (Errors.IsEngines(e) || e is InvalidOperationException)
        {
            await _lost.CancelAsync();
        }
    }

    private static async Task<bool> IsTakenAsync(
        NpgsqlConnection connection,
        Options options,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"select pg_try_advisory_lock({Literal(Key(options.Database))})",
            connection
        );
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Waits until no transaction of an earlier holder is under way.</summary>
    private static async Task<bool> AreOthersThroughAsync(
        NpgsqlConnection connection,
        Options options,
        CancellationToken cancellationToken
    )
    {
        var fence = Literal(FenceKey(options.Database));
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"set lock_timeout = '{Patience}'"),
                new NpgsqlBatchCommand($"select pg_advisory_lock({fence})"),
                new NpgsqlBatchCommand($"select pg_advisory_unlock({fence})"),
            },
        };
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == LockPatience.TimedOut)
        {
            return false;
        }
    }

    /// <summary>A granted lock of the key, in pg_locks as <c>l</c>, which shows the two halves of a key of 64 bits.</summary>
    private static string InPgLocks(long key) =>
        $"(l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = {(ulong)key >> 32} "
        + $"and l.objid = {(ulong)key & 0xFFFF_FFFF} "
        + "and l.database = (select oid from pg_database where datname = current_database()))";

    private static string Literal(long key) => key.ToString(CultureInfo.InvariantCulture);

    private static long Key(string database) => KeyOf($"strata state of {database}");

    private static long FenceKey(string database) => KeyOf($"strata writes of {database}");

    private static long KeyOf(string text) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
