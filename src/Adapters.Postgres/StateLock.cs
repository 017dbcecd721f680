using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Postgres;

/// <summary>
/// A session-level advisory lock on a connection of its own: the server lets go of it when that connection
/// ends, however it ends.
/// </summary>
internal sealed class StateLock : IStateLock
{
    private readonly NpgsqlConnection _connection;

    private StateLock(NpgsqlConnection connection) => _connection = connection;

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
        };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var key = Key(options.Database).ToString(CultureInfo.InvariantCulture);
            await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({key})", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
                return new StateLock(connection);
            await connection.DisposeAsync();
            return null;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
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
        var key = (ulong)Key(options.Database);
        // pg_locks shows the two halves of a key of 64 bits
        var rows = await session.QueryAsync(
            $"""
            select a.application_name::text, a.pid, coalesce(host(a.client_addr), 'the same host'),
                to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS')
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                and l.classid = {key >> 32} and l.objid = {key & 0xFFFF_FFFF}
                and l.database = (select oid from pg_database where datname = current_database())
            """,
            1,
            cancellationToken
        );
        return rows.Rows is [var row]
            ? $"{row[0]}, from {row[2]}, since {row[3]} UTC (server process {row[1]})"
            : null;
    }

    public async ValueTask DisposeAsync()
    {
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
        await _connection.DisposeAsync();
    }

    private static long Key(string database) =>
        BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"strata state of {database}"))
        );
}
