using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Adapters;

/// <summary>
/// One conversation with an engine, used by one caller at a time. Composed of small parts so that each
/// user asks for no more than it needs.
/// </summary>
public interface ISession : IStatements, ICatalog, IBulkTransfer, IAsyncDisposable
{
    /// <summary>Whether the engine has gone away, or has ended the conversation: every statement fails from now on.</summary>
    bool IsLost { get; }

    /// <summary>Tables whose rows come from this process; null on engines without <see cref="AdapterCapabilities.ReadsFiles"/>.</summary>
    IStreamedRows? StreamedRows { get; }

    /// <summary>
    /// Until what is returned is disposed, an engine that has to choose between an index and reading a whole table takes an index to be as cheap
    /// to read as it is on today's disks. For statements that look a few rows up in a long history; transactions do so by themselves.
    /// </summary>
    /// <returns>Null where there is nothing to undo.</returns>
    Task<IAsyncDisposable?> PreferIndexesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs one query that somebody has typed, where nothing but reading is meant: in a transaction of its own that cannot change anything.
    /// </summary>
    /// <exception cref="EngineException">
    /// <see cref="EngineErrorKind.ReadOnly"/>: the statement is no query, or one that would change something.
    /// </exception>
    Task<RowSet> ReadAsync(string sql, int maxRows, CancellationToken cancellationToken);

    /// <summary>Starts a transaction; disposing an uncommitted one rolls it back.</summary>
    Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken);
}
