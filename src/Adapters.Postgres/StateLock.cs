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

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static long Key(string database) =>
        BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"strata state of {database}"))
        );
}
