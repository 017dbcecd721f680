using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

internal sealed class Transaction(Session session) : ISessionTransaction
{
    private bool _isOver;

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await session.CommitAsync(cancellationToken);
        _isOver = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        await session.RollBackAsync();
    }
}
