namespace Strata.Adapters.Postgres;

/// <summary>
/// What the server takes a random read of a page to cost, for some statements of ours. Its default, four times a sequential read, is that of a
/// disk that turns: with it, the planner reads a whole history of a million rows to find ten thousand of them by their key, which takes
/// ten times as long as looking them up (docs/reference/engines.md). Who has set another cost on the server keeps it.
/// </summary>
internal sealed class IndexCosts : IAsyncDisposable
{
    private const string Default = "4";
    private const string OfMemory = "1.1";

    private readonly Session _session;

    private IndexCosts(Session session) => _session = session;

    /// <summary>An expression that sets them.</summary>
    /// <param name="isLocal">For the running transaction only.</param>
    public static string Prefer(bool isLocal) =>
        $"case when current_setting('random_page_cost') = '{Default}' "
        + $"then set_config('random_page_cost', '{OfMemory}', {(isLocal ? "true" : "false")}) end";

    /// <returns>Null if the session has a cost of its own.</returns>
    public static async Task<IndexCosts?> SetAsync(Session session, CancellationToken cancellationToken)
    {
        var set = await session.QueryAsync($"select {Prefer(isLocal: false)}", 1, cancellationToken);
        return set.Scalar is null ? null : new IndexCosts(session);
    }

    public async ValueTask DisposeAsync()
    {
        // a session that is lost has no settings any more
        if (!_session.IsLost)
            await _session.ExecuteAsync($"set random_page_cost = {Default}", CancellationToken.None);
    }
}
