using System.Collections.Immutable;
using System.Data.Common;
using DuckDB.NET.Data;
using Strata.Adapters.DuckDb.Native;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb;

/// <summary>
/// DuckDB in this process. The database is opened by the first session and stays open until the adapter is
/// disposed; sessions are connections on that one instance, also those of other adapters on the same file.
/// </summary>
public sealed class DuckDbAdapter : IAdapter
{
    private static readonly ImmutableArray<string> ForAllSessions =
    [
        "set global errors_as_json = true",
        "set global timezone = 'UTC'",
    ];

    /// <summary>See <see cref="SqlDialect.InMemory"/>.</summary>
    private const string AttachMemory = $"attach if not exists ':memory:' as {DuckDbDialect.MemoryCatalog}";

    /// <summary>How this process takes memory, settled before its first database is opened; nobody loads libduckdb earlier.</summary>
    private static readonly Lazy<bool> MemorySettled = new(() =>
    {
        Allocator.KeepFreedMemory();
        return true;
    });

    private readonly Options _options;
    private readonly Redaction _redaction;
    private readonly SemaphoreSlim _opening = new(1);
    private DuckDBConnection? _root;

    private DuckDbAdapter(string connection, Options options, Redaction redaction)
    {
        Connection = connection;
        _options = options;
        _redaction = redaction;
    }

    public string Connection { get; }

    public SqlDialect Dialect => DuckDbDialect.Instance;

    public AdapterCapabilities Capabilities { get; } =
        new()
        {
            TransactionalDdl = true,
            RelationIdentityMatters = false,
            // hashed it is, but only plain equality lets a scan skip blocks by their least and greatest values
            HashesNullSafeEquality = false,
            JoinsPruneTarget = true,
            ReplacesFasterThanUpdates = true,
            UnloggedTables = false,
            ReadsFiles = true,
            FusedChecksAreCheaper = false,
            CountsTablesQuickly = true,
            ConcurrentReaders = false,
            // it compresses what is appended on the thread that appends
            LoadStreams = 2,
            // a session is made within the process
            RowsPerStream = 50_000,
        };

    private object LockKey => _options.IsInMemory ? this : _options.Path;

    public bool IsThere => _options.IsInMemory || File.Exists(_options.Path);

    public int MaxConcurrency => _options.MaxConcurrency;

    /// <param name="projectFolder">Where relative paths in the options start.</param>
    /// <returns>Null when the options are not in order; the diagnostics then say why.</returns>
    public static DuckDbAdapter? Create(
        ConnectionConfig config,
        string projectFolder,
        DiagnosticBag diagnostics
    ) =>
        Options.Read(config, projectFolder, diagnostics) is { } options
            ? new DuckDbAdapter(config.Name, options, new Redaction(config.Secrets))
            : null;

    public async Task<ISession> OpenSessionAsync(CancellationToken cancellationToken)
    {
        var root = await OpenDatabaseAsync(cancellationToken);
        // one path is one instance within a process; a database in memory has no path
        var connection = _options.IsInMemory ? root.Duplicate() : new DuckDBConnection(root.ConnectionString);
        try
        {
            await Task.Run(connection.Open, cancellationToken);
            return new Session(connection, _redaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<IStateLock?> TryLockStateAsync(string runId, CancellationToken cancellationToken)
    {
        // other processes are kept out by DuckDB's own lock on the file, which we hold while it is open
        try
        {
            await OpenDatabaseAsync(cancellationToken);
        }
        catch (EngineException e) when (e.Error.Kind == EngineErrorKind.Locked)
        {
            return null;
        }
        return StateLock.TryTake(LockKey, runId);
    }

    public async Task<string?> FindLockHolderAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenDatabaseAsync(cancellationToken);
            return StateLock.FindHolder(LockKey);
        }
        catch (EngineException e) when (e.Error.Kind == EngineErrorKind.Locked)
        {
            return Errors.FindLockHolder(e.Error.Message);
        }
    }

    public async Task<ConnectionReport> CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenSessionAsync(cancellationToken);
        var rows = await session.QueryAsync(
            """
            select version(), current_setting('threads'), current_setting('memory_limit'), database_size
            from pragma_database_size() where database_name = current_database()
            """,
            1,
            cancellationToken
        );
        var row = rows.Rows[0];
        ImmutableArray<(string, string)> facts =
        [
            ("path", _options.Path),
            ("size", $"{row[3]}"),
            ("threads", $"{row[1]}"),
            ("memory limit", $"{row[2]}"),
        ];
        return new ConnectionReport(
            $"DuckDB {row[0]}",
            _options.ReadOnly ? facts.Add(("access", "read only")) : facts
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_root is not null)
            await Task.Run(_root.Dispose);
        _opening.Dispose();
    }

    private async Task<DuckDBConnection> OpenDatabaseAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _root ??= await Task.Run(OpenDatabase, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private DuckDBConnection OpenDatabase()
    {
        var text = new DbConnectionStringBuilder { ["DataSource"] = _options.Path };
        foreach (var (name, value) in _options.Settings)
            text[name] = value;
        if (_options.ReadOnly)
            text["access_mode"] = "READ_ONLY";
        var connection = new DuckDBConnection(text.ConnectionString);
        try
        {
            if (!_options.IsInMemory && !_options.ReadOnly)
                MakeFolder(_options.Path);
            _ = MemorySettled.Value;
            connection.Open();
            RowFunction.Register(connection.NativeConnection);
            foreach (var sql in _options.ReadOnly ? ForAllSessions : [.. ForAllSessions, AttachMemory])
            {
                using var query = Query.Prepare(connection.NativeConnection, sql, _redaction);
                query.Execute();
            }
            return connection;
        }
        catch (EngineException)
        {
            connection.Dispose();
            throw;
        }
        catch (DuckDBException e)
        {
            connection.Dispose();
            throw OpeningFailed(e);
        }
    }

    private EngineException OpeningFailed(DuckDBException e)
    {
        var error = Errors.From(e.Message, _redaction).Error;
        var kind = error.Kind is EngineErrorKind.Locked or EngineErrorKind.Resources
            ? error.Kind
            : EngineErrorKind.Connection;
        if (kind == EngineErrorKind.Locked && Errors.FindLockHolder(error.Message) is { } holder)
            error = error with { Message = $"{_options.Path}: its lock is held in {holder}" };
        return new EngineException(error with { Kind = kind }, e);
    }

    private static void MakeFolder(string file)
    {
        try
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                new EngineError(
                    EngineErrorKind.Connection,
                    $"the folder of {file} cannot be made: {e.Message}"
                ),
                e
            );
        }
    }
}
