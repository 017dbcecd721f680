using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>Rows in bulk, in columnar batches, in bounded memory.</summary>
public interface IBulkTransfer
{
    /// <summary>The columns that a query would give to <see cref="OpenReaderAsync"/>, without running it.</summary>
    Task<ImmutableArray<TransferColumn>> DescribeTransferAsync(
        string sql,
        CancellationToken cancellationToken
    );

    /// <summary>Starts a query whose rows come in batches.</summary>
    /// <exception cref="EngineException">Also for a column of <see cref="TransferKind.Unsupported"/>.</exception>
    Task<IBatchReader> OpenReaderAsync(string sql, CancellationToken cancellationToken);

    /// <summary>
    /// Starts loading into an existing table. The types of the columns are those that
    /// <see cref="MapColumns"/> gave when the table was made. Until the writer is disposed, the session does nothing else.
    /// </summary>
    Task<IBatchWriter> OpenWriterAsync(
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// This engine's column types for columns that another engine gives. A column that cannot be carried
    /// without loss has <see cref="ColumnMapping.Problem"/> set.
    /// </summary>
    ImmutableArray<ColumnMapping> MapColumns(ImmutableArray<TransferColumn> columns);
}
