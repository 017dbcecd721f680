namespace Strata.Runner.Adapters;

/// <summary>
/// One conversation with an engine, used by one caller at a time. Composed of small parts so that each
/// user asks for no more than it needs.
/// </summary>
public interface ISession : IStatements, ICatalog, IBulkTransfer, IAsyncDisposable
{
    /// <summary>Whether the engine has gone away, or has ended the conversation: every statement fails from now on.</summary>
    bool IsLost { get; }

    /// <summary>Starts a transaction; disposing an uncommitted one rolls it back.</summary>
    Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken);
}
