using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Statements;

/// <summary>An adapter whose sessions tell a log what they do.</summary>
internal sealed class LoggedAdapter(IAdapter inner, StatementLog log) : IAdapter
{
    public string Connection => inner.Connection;

    public SqlDialect Dialect => inner.Dialect;

    public AdapterCapabilities Capabilities => inner.Capabilities;

    public bool IsThere => inner.IsThere;

    public int MaxConcurrency => inner.MaxConcurrency;

    public Task<ISession> OpenSessionAsync(CancellationToken cancellationToken) =>
        RunAsync<ISession>(
            StatementKind.Connect,
            "-- open a session",
            async () => new LoggedSession(await inner.OpenSessionAsync(cancellationToken), this)
        );

    public Task<IStateLock?> TryLockStateAsync(string runId, CancellationToken cancellationToken) =>
        RunAsync(
            StatementKind.Lock,
            "-- take the writer's lock",
            () => inner.TryLockStateAsync(runId, cancellationToken)
        );

    public Task<string?> FindLockHolderAsync(CancellationToken cancellationToken) =>
        inner.FindLockHolderAsync(cancellationToken);

    public Task<ConnectionReport> CheckAsync(CancellationToken cancellationToken) =>
        inner.CheckAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public RunningStatement Start(StatementKind kind, string sql) => new(log, this, kind, sql);

    /// <param name="rows">How many rows a result stands for; null where it stands for none.</param>
    public async Task<T> RunAsync<T>(
        StatementKind kind,
        string sql,
        Func<Task<T>> call,
        Func<T, long?>? rows = null
    )
    {
        var running = Start(kind, sql);
        var result = await running.CallAsync(call);
        running.End(rows?.Invoke(result));
        return result;
    }
}
