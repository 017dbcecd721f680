using System.Collections.Immutable;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>
/// Rows of ours that the queries of a session read like a table, as they come: nothing is stored for it. See
/// <see cref="ISession.StreamedRows"/>.
/// </summary>
public interface IStreamedRows
{
    /// <param name="columns">Their names and types; as for <see cref="IBulkTransfer.OpenWriterAsync"/>.</param>
    /// <param name="open">
    /// Called whenever a statement begins to read, with a flag for each column that it wants; of the others the
    /// values do not matter. What its reader throws comes out of the statement as it is.
    /// </param>
    IStreamedTable Offer(
        ImmutableArray<TransferColumn> columns,
        Func<ImmutableArray<bool>, IBatchReader> open
    );
}
