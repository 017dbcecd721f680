namespace Strata.Runner.Adapters;

public interface ISessionTransaction : IAsyncDisposable
{
    Task CommitAsync(CancellationToken cancellationToken);
}
