using System.Collections.Immutable;
using Npgsql;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

/// <summary>A Postgres server through Npgsql; sessions are connections of one pool.</summary>
public sealed class PostgresAdapter : IAdapter
{
    private readonly Options _options;
    private readonly Redaction _redaction;
    private readonly NpgsqlDataSource _source;
    private readonly LockPatience _patience = new();

    // Statements go to the server as they are written: positions in errors then need no translation, and a
    // colon or an at sign in a model is never taken for a parameter.
    static PostgresAdapter() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    private PostgresAdapter(string connection, Options options, Redaction redaction)
    {
        Connection = connection;
        _options = options;
        _redaction = redaction;
        _source = NpgsqlDataSource.Create(options.ConnectionString);
    }

    public string Connection { get; }

    public SqlDialect Dialect => PostgresDialect.Instance;

    public AdapterCapabilities Capabilities { get; } =
        new()
        {
            TransactionalDdl = true,
            RelationIdentityMatters = true,
            NeedsAnalyze = true,
            SortsFasterThanGroups = true,
            UnloggedTables = true,
            LoadStreams = 4,
            ReadsFiles = false,
            FusedChecksAreCheaper = true,
            ConcurrentReaders = true,
        };

    public int MaxConcurrency => _options.MaxConcurrency;

    /// <returns>Null when the options are not in order; the diagnostics then say why.</returns>
    public static PostgresAdapter? Create(ConnectionConfig config, DiagnosticBag diagnostics) =>
        Options.Read(config, diagnostics) is { } options
            ? new PostgresAdapter(config.Name, options, new Redaction(config.Secrets))
            : null;

    public async Task<ISession> OpenSessionAsync(CancellationToken cancellationToken) =>
        await OpenAsync(cancellationToken);

    private async Task<Session> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken);
            return new Session(_source, connection, _options, _redaction, _patience);
        }
        catch (Exception e) when (Errors.IsEngines(e))
        {
            throw Errors.From(e, _options, _redaction);
        }
    }

    public Task<IStateLock?> TryLockStateAsync(string runId, CancellationToken cancellationToken) =>
        StateLock.TryTakeAsync(_options, _redaction, runId, cancellationToken);

    public async Task<string?> FindLockHolderAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        return await StateLock.FindHolderAsync(session, _options, cancellationToken);
    }

    public async Task<ConnectionReport> CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenSessionAsync(cancellationToken);
        var rows = await session.QueryAsync(
            """
            select split_part(version(), ' ', 2),
                current_database()::text,
                current_user::text,
                pg_size_pretty(pg_database_size(current_database())),
                has_database_privilege(current_database(), 'CREATE'),
                has_database_privilege(current_database(), 'TEMPORARY')
            """,
            1,
            cancellationToken
        );
        var row = rows.Rows[0];
        ImmutableArray<(string, string)> facts =
        [
            ("server", _options.Address),
            ("database", $"{row[1]}"),
            ("user", $"{row[2]}"),
            ("size", $"{row[3]}"),
        ];
        if (row[4] is false)
            facts = facts.Add(("missing right", "CREATE on the database: schemas must exist already"));
        if (row[5] is false)
            facts = facts.Add(("missing right", "TEMPORARY on the database"));
        return new ConnectionReport($"PostgreSQL {row[0]}", facts);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
