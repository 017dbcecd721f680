namespace Strata.Runner.Adapters;

/// <summary>
/// One conversation with an engine, used by one caller at a time. Composed of small parts so that each
/// user asks for no more than it needs.
/// </summary>
public interface ISession : IStatements, ICatalog, IBulkTransfer, IAsyncDisposable
{
    /// <summary>Starts a transaction; disposing an uncommitted one rolls it back.</summary>
    Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken);
}
