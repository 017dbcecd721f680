using System.Collections.Concurrent;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Execution;

/// <summary>Keeps a run's sessions on one connection open between its statements.</summary>
internal sealed class SessionPool(IAdapter adapter) : IAsyncDisposable
{
    private readonly ConcurrentBag<ISession> _idle = [];

    /// <summary>Sessions that a node's <c>pre_hook</c> has set up: for that node only.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentBag<ISession>> _setUp = new(
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
        if (nodeId is not null && _setUp.TryGetValue(nodeId, out var own) && own.TryTake(out var ready))
            return new Lease(this, ready, nodeId) { IsSetUp = true };
        var session = _idle.TryTake(out var idle) ? idle : await adapter.OpenSessionAsync(cancellationToken);
        return new Lease(this, session, nodeId);
    }

    /// <summary>Closes what a node's hooks have set up: no other node is to see it.</summary>
    public async Task EndNodeAsync(string nodeId)
    {
        _lost.TryRemove(nodeId, out _);
        if (_setUp.TryRemove(nodeId, out var own))
            await CloseAsync(own);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var own in _setUp.Values)
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

        /// <summary>Whether a <c>pre_hook</c> of the node has run on it: the node goes on with it.</summary>
        public bool IsSetUp { get; set; }

        /// <summary>Whether a <c>post_hook</c> has run on it: no other node goes on with it.</summary>
        public bool IsAltered { get; set; }

        /// <summary>What the session is to give up when whoever rented it has done.</summary>
        public void Own(IAsyncDisposable held) => _held.Add(held);

        public async ValueTask DisposeAsync()
        {
            foreach (var held in _held)
                await held.DisposeAsync();
            var own = IsSetUp ? nodeId : null;
            if (IsBroken || Session.IsLost)
            {
                if (own is not null)
                    pool._lost.TryAdd(own, true);
                await Session.DisposeAsync();
            }
            else if (own is not null)
                pool._setUp.GetOrAdd(own, _ => []).Add(Session);
            else if (IsSetUp || IsAltered)
                await Session.DisposeAsync();
            else
                pool._idle.Add(Session);
        }
    }
}
