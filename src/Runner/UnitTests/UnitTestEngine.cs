using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.UnitTests;

/// <summary>
/// A session that unit tests run on, in schemas of their own. Nothing of it stays: DuckDB is in memory, and on a
/// server everything happens in one transaction that is never committed.
/// </summary>
internal sealed class UnitTestEngine : IAsyncDisposable
{
    private const string Savepoint = "strata_unit_test";

    private readonly ISessionTransaction? _transaction;
    private readonly string _prefix;
    private int _schemas;

    private UnitTestEngine(
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

    /// <param name="prefix">What the names of its schemas begin with.</param>
    /// <param name="isShared">Whether others use the same database, so that everything must be taken back.</param>
    public static async Task<UnitTestEngine> OpenAsync(
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
            return new UnitTestEngine(session, adapter.Dialect, prefix, transaction);
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
        await Session.ExecuteAsync(FixtureSql.CreateSchema(Dialect, name), cancellationToken);
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
