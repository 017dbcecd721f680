using System.Collections.Immutable;
using System.Threading.Channels;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Transfers;

/// <summary>
/// Moves the rows of a query from one engine into an existing table of another. Reading and writing overlap;
/// between them stand a few batches, so memory does not depend on the number of rows.
/// </summary>
public static class RowTransfer
{
    private const int BatchesInFlightPerWriter = 3;

    /// <summary>Copies all rows through one session on each side.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="EngineException">Either engine failed, or a column cannot be carried without loss.</exception>
    public static Task<long> CopyAsync(
        ISession from,
        string query,
        ISession to,
        RelationName table,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    ) => CopyAsync(from, query, [to], table, progress, cancellationToken);

    /// <summary>
    /// The same over several streams, each a session of its own that loads its share of the batches. Each
    /// commits by itself, so the table must be a stage that nobody reads before this returns.
    /// </summary>
    public static async Task<long> CopyAsync(
        ISession from,
        string query,
        ImmutableArray<ISession> to,
        RelationName table,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await from.OpenReaderAsync(query, cancellationToken);
        RefuseLoss(to[0].MapColumns(reader.Columns), table);

        var batches = Channel.CreateBounded<ColumnBatch>(
            new BoundedChannelOptions(BatchesInFlightPerWriter * to.Length) { SingleWriter = true }
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = new FirstFailure(stop);
        var reading = failures.WatchAsync(() => ReadAsync(reader, batches.Writer, progress, stop.Token));
        var writing = to.Select(session =>
                failures.WatchAsync(() => WriteAsync(session, table, reader, batches.Reader, stop.Token))
            )
            .ToArray();
        var read = await reading;
        var written = (await Task.WhenAll(writing)).Sum();
        failures.Throw(cancellationToken);
        if (read != written)
            throw new EngineException(
                new EngineError(
                    EngineErrorKind.Other,
                    $"{read} rows were read but {written} were written to {table}; this is a defect of strata"
                )
            );
        return written;
    }

    private static async Task<long> ReadAsync(
        IBatchReader reader,
        ChannelWriter<ColumnBatch> batches,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var rows = 0L;
        while (await reader.ReadAsync(cancellationToken) is { } batch)
        {
            rows += batch.Count;
            await batches.WriteAsync(batch, cancellationToken);
            progress?.Report(rows);
        }
        batches.Complete();
        return rows;
    }

    private static async Task<long> WriteAsync(
        ISession session,
        RelationName table,
        IBatchReader reader,
        ChannelReader<ColumnBatch> batches,
        CancellationToken cancellationToken
    )
    {
        await using var writer = await session.OpenWriterAsync(table, reader.Columns, cancellationToken);
        await foreach (var batch in batches.ReadAllAsync(cancellationToken))
        {
            await writer.WriteAsync(batch, cancellationToken);
            reader.Recycle(batch);
        }
        return await writer.CompleteAsync(cancellationToken);
    }

    private static void RefuseLoss(ImmutableArray<ColumnMapping> columns, RelationName table)
    {
        if (columns.FirstOrDefault(column => column.Problem is not null) is { } lossy)
            throw new EngineException(
                new EngineError(
                    EngineErrorKind.Unsupported,
                    $"column '{lossy.Column.Name}' cannot be moved to {table} without loss: {lossy.Problem}"
                )
                {
                    Hint = lossy.Hint,
                }
            );
    }
}
