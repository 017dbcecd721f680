using System.Collections.Concurrent;
using Strata.Runner.Adapters;

namespace Strata.Runner.Execution;

/// <summary>Keeps a run's sessions on one connection open between its statements.</summary>
internal sealed class SessionPool(IAdapter adapter) : IAsyncDisposable
{
    private readonly ConcurrentBag<ISession> _idle = [];

    /// <summary>Sessions on which hooks of a node have run, which are not as they were opened: for that node only.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentBag<ISession>> _altered = new(
        StringComparer.Ordinal
    );

    /// <summary>The nodes whose own session is gone.</summary>
    private readonly ConcurrentDictionary<string, bool> _lost = new(StringComparer.Ordinal);

    public Task<Lease> RentAsync(CancellationToken cancellationToken) => RentAsync(null, cancellationToken);

    /// <param name="nodeId">Whoever works on this node goes on with the session that its hooks have set up, if it is free.</param>
    /// <exception cref="EngineException">That session is lost: on another one the node would not be what it is.</exception>
    public async Task<Lease> RentAsync(string? nodeId, CancellationToken cancellationToken)
    {
        if (nodeId is not null && _lost.ContainsKey(nodeId))
            throw new EngineException(
                new EngineError(EngineErrorKind.Connection, "the session that a pre_hook had set up is lost")
            );
        if (nodeId is not null && _altered.TryGetValue(nodeId, out var own) && own.TryTake(out var altered))
            return new Lease(this, altered, nodeId) { IsAltered = true };
        var session = _idle.TryTake(out var idle) ? idle : await adapter.OpenSessionAsync(cancellationToken);
        return new Lease(this, session, nodeId);
    }

    /// <summary>Closes what a node's hooks have set up: no other node is to see it.</summary>
    public async Task EndNodeAsync(string nodeId)
    {
        _lost.TryRemove(nodeId, out _);
        if (_altered.TryRemove(nodeId, out var own))
            await CloseAsync(own);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var own in _altered.Values)
            await CloseAsync(own);
        await CloseAsync(_idle);
    }

    private static async Task CloseAsync(ConcurrentBag<ISession> sessions)
    {
        while (sessions.TryTake(out var session))
            await session.DisposeAsync();
    }

    /// <summary>A session in use. One that failed or is lost is closed, and the next to rent opens another.</summary>
    internal sealed class Lease(SessionPool pool, ISession session, string? nodeId) : IAsyncDisposable
    {
        private readonly List<IAsyncDisposable> _held = [];

        public ISession Session { get; } = session;

        public bool IsBroken { get; set; }

        /// <summary>Whether hooks of the node have run on it.</summary>
        public bool IsAltered { get; set; }

        /// <summary>What the session is to give up when whoever rented it has done.</summary>
        public void Own(IAsyncDisposable held) => _held.Add(held);

        public async ValueTask DisposeAsync()
        {
            foreach (var held in _held)
                await held.DisposeAsync();
            if (IsBroken || Session.IsLost || (IsAltered && nodeId is null))
            {
                if (IsAltered && nodeId is not null)
                    pool._lost.TryAdd(nodeId, true);
                await Session.DisposeAsync();
            }
            else if (IsAltered && nodeId is not null)
                pool._altered.GetOrAdd(nodeId, _ => []).Add(Session);
            else
                pool._idle.Add(Session);
        }
    }
}
