using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Binding;

/// <summary>
/// A session for what is tried out, in schemas of its own. Nothing of it stays: DuckDB is in memory, and on a
/// server everything happens in one transaction that is never committed.
/// </summary>
internal sealed class PrivateEngine : IAsyncDisposable
{
    private const string Savepoint = "strata_private";

    private readonly ISessionTransaction? _transaction;
    private readonly string _prefix;
    private int _schemas;

    private PrivateEngine(
        ISession session,
        SqlDialect dialect,
        string prefix,
        ISessionTransaction? transaction
    )
    {
        Session = session;
        Dialect = dialect;
        _prefix = prefix;
        _transaction = transaction;
    }

    public ISession Session { get; }

    public SqlDialect Dialect { get; }

    /// <summary>Whether it is the server that a connection leads to, so that what is there can be seen.</summary>
    public bool IsOnServer => _transaction is not null;

    /// <param name="prefix">What the names of its schemas begin with.</param>
    /// <param name="isShared">Whether others use the same database, so that everything must be taken back.</param>
    public static async Task<PrivateEngine> OpenAsync(
        IAdapter adapter,
        string prefix,
        bool isShared,
        CancellationToken cancellationToken
    )
    {
        var session = await adapter.OpenSessionAsync(cancellationToken);
        try
        {
            var transaction = isShared ? await session.BeginAsync(cancellationToken) : null;
            return new PrivateEngine(session, adapter.Dialect, prefix, transaction);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a schema and gives its name.</summary>
    public async Task<string> NewSchemaAsync(CancellationToken cancellationToken)
    {
        var name = $"{_prefix}{++_schemas}";
        await Session.ExecuteAsync(TableSql.CreateSchema(Dialect, name), cancellationToken);
        return name;
    }

    /// <summary>Does something whose failure must not spoil what follows.</summary>
    /// <exception cref="EngineException">What failed; the session is as good as before.</exception>
    public async Task<T> TryAsync<T>(Func<ISession, Task<T>> work, CancellationToken cancellationToken)
    {
        // DuckDB's own binder errors leave the session as it is
        if (_transaction is null)
            return await work(Session);
        await Session.ExecuteAsync($"savepoint {Savepoint}", cancellationToken);
        try
        {
            var result = await work(Session);
            await Session.ExecuteAsync($"release savepoint {Savepoint}", cancellationToken);
            return result;
        }
        catch (EngineException)
        {
            await Session.ExecuteAsync($"rollback to savepoint {Savepoint}", CancellationToken.None);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        await Session.DisposeAsync();
    }
}
