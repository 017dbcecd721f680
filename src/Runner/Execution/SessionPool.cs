using System.Collections.Concurrent;
using Strata.Runner.Adapters;

namespace Strata.Runner.Execution;

/// <summary>Keeps a run's sessions on one connection open between its statements.</summary>
internal sealed class SessionPool(IAdapter adapter) : IAsyncDisposable
{
    private readonly ConcurrentBag<ISession> _idle = [];

    public async Task<Lease> RentAsync(CancellationToken cancellationToken) =>
        new(
            this,
            _idle.TryTake(out var session) ? session : await adapter.OpenSessionAsync(cancellationToken)
        );

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var session))
            await session.DisposeAsync();
    }

    /// <summary>A session in use. One that failed, is lost or is no longer as it was opened is closed, and the next to rent opens another.</summary>
    internal sealed class Lease(SessionPool pool, ISession session) : IAsyncDisposable
    {
        private readonly List<IAsyncDisposable> _held = [];

        public ISession Session { get; } = session;

        public bool IsBroken { get; set; }

        /// <summary>Whether SQL of the project's own may have left settings behind, which are not to reach other nodes.</summary>
        public bool IsAltered { get; set; }

        /// <summary>What the session is to give up when whoever rented it has done.</summary>
        public void Own(IAsyncDisposable held) => _held.Add(held);

        public async ValueTask DisposeAsync()
        {
            foreach (var held in _held)
                await held.DisposeAsync();
            if (IsBroken || IsAltered || Session.IsLost)
                await Session.DisposeAsync();
            else
                pool._idle.Add(Session);
        }
    }
}
