using System.Threading.Channels;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

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
    ) => CopyAsync(from, query, TransferStreams.One(to), table, progress, cancellationToken);

    /// <summary>
    /// The same over several streams, each a session of its own that loads its share of the batches. Each
    /// commits by itself, so the table must be a stage that nobody reads before this returns, and must go if this fails.
    /// </summary>
    public static async Task<long> CopyAsync(
        ISession from,
        string query,
        TransferStreams to,
        RelationName table,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await from.OpenReaderAsync(query, cancellationToken);
        RefuseLoss(to.First, reader, table);

        var batches = Channel.CreateBounded<ColumnBatch>(
            new BoundedChannelOptions(BatchesInFlightPerWriter * to.Most) { SingleWriter = true }
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = new FirstFailure(stop);
        await using var writers = new OpenWriters(table, reader.Columns);
        var feeding = new List<Task<long>>();
        StartStream(to.First);
        var read = await failures.WatchAsync(() =>
            ReadAsync(reader, batches.Writer, MoreAsync, progress, stop.Token)
        );
        await Task.WhenAll(feeding);
        failures.Throw(cancellationToken);
        // no stream commits before all have sent their rows: one that fails till then leaves nothing of the others
        var written = (
            await Task.WhenAll(
                writers.All.Select(writer =>
                    failures.WatchAsync(async () => await writer.CompleteAsync(stop.Token))
                )
            )
        ).Sum();
        failures.Throw(cancellationToken);
        if (read != written)
            throw new EngineException(
                new EngineError(
                    EngineErrorKind.Other,
                    $"{read} rows were read but {written} were written to {table}; this is a bug in strata"
                )
            );
        return written;

        void StartStream(ISession session) =>
            feeding.Add(
                failures.WatchAsync(() => FeedAsync(writers, session, reader, batches.Reader, stop.Token))
            );

        async Task MoreAsync(long rows)
        {
            if (await to.NextAsync(feeding.Count, rows, stop.Token) is { } session)
                StartStream(session);
        }
    }

    private static async Task<long> ReadAsync(
        IBatchReader reader,
        ChannelWriter<ColumnBatch> batches,
        Func<long, Task> afterBatch,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var rows = 0L;
        while (await reader.ReadAsync(cancellationToken) is { } batch)
        {
            batch.FirstRow = rows;
            rows += batch.Count;
            await batches.WriteAsync(batch, cancellationToken);
            progress?.Report(rows);
            await afterBatch(rows);
        }
        batches.Complete();
        return rows;
    }

    private static async Task<long> FeedAsync(
        OpenWriters writers,
        ISession session,
        IBatchReader reader,
        ChannelReader<ColumnBatch> batches,
        CancellationToken cancellationToken
    )
    {
        var rows = 0L;
        var writer = await writers.OpenAsync(session, cancellationToken);
        await foreach (var batch in batches.ReadAllAsync(cancellationToken))
        {
            await writer.WriteAsync(batch, cancellationToken);
            rows += batch.Count;
            reader.Recycle(batch);
        }
        return rows;
    }

    private static void RefuseLoss(ISession to, IBatchReader reader, RelationName table)
    {
        if (to.MapColumns(reader.Columns).FirstOrDefault(column => column.Problem is not null) is { } lossy)
            throw new EngineException(
                new EngineError(
                    EngineErrorKind.Unsupported,
                    $"column '{lossy.Column.Name}' cannot be moved to {table} without loss: {lossy.Problem}"
                )
                {
                    Hint = lossy.Cast is { } cast ? $"write {cast} in the query" : null,
                }
            );
    }
}
