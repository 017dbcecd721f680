using Strata.Runner.Adapters;

namespace Strata.Runner.Statements;

/// <summary>A transaction whose end is in the log, whichever it is.</summary>
internal sealed class LoggedTransaction(ISessionTransaction inner, LoggedAdapter on) : ISessionTransaction
{
    private bool _isOver;

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await on.RunAsync(
            StatementKind.Commit,
            "commit",
            async () =>
            {
                await inner.CommitAsync(cancellationToken);
                return true;
            }
        );
        _isOver = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
        {
            await inner.DisposeAsync();
            return;
        }
        _isOver = true;
        await on.RunAsync(
            StatementKind.Rollback,
            "rollback",
            async () =>
            {
                await inner.DisposeAsync();
                return true;
            }
        );
    }
}
