using System.Collections.Immutable;
using Npgsql;
using Strata.Adapters.Postgres.Copy;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

/// <summary>COPY in binary format, encoded by us straight from the vectors.</summary>
internal sealed class BatchWriter : IBatchWriter
{
    private const int FlushAt = 128 * 1024;

    // the signature, then empty flags and an empty extension
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, .. new byte[8]];

    private readonly Session _session;
    private readonly NpgsqlRawCopyStream _stream;
    private readonly ImmutableArray<TransferColumn> _columns;
    private readonly ColumnEncoder[] _encoders;
    private readonly CopyBuffer _buffer = new();
    private long _rows;
    private bool _isOver;

    private BatchWriter(Session session, NpgsqlRawCopyStream stream, ImmutableArray<TransferColumn> columns)
    {
        _session = session;
        _stream = stream;
        _columns = columns;
        _encoders = [.. columns.Select(column => ColumnEncoder.For(column.Type))];
        Header.CopyTo(_buffer.Take(Header.Length));
    }

    public static async Task<IBatchWriter> OpenAsync(
        Session session,
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        CancellationToken cancellationToken
    )
    {
        var dialect = PostgresDialect.Instance;
        var names = string.Join(", ", columns.Select(column => dialect.QuoteIdentifier(column.Name)));
        var sql = $"copy {dialect.Quote(table)} ({names}) from stdin (format binary)";
        var stream = await session.RunAsync(
            () => session.Connection.BeginRawBinaryCopyAsync(sql, CancellationToken.None),
            cancellationToken
        );
        return new BatchWriter(session, stream, columns);
    }

    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var i = 0; i < _encoders.Length; i++)
            _encoders[i].Attach(batch.Columns[i]);
        for (var row = 0; row < batch.Count; row++)
        {
            Encode(batch, row);
            if (_buffer.Length >= FlushAt)
                await FlushAsync(cancellationToken);
        }
    }

    public async ValueTask<long> CompleteAsync(CancellationToken cancellationToken)
    {
        _buffer.WriteInt16(-1);
        await FlushAsync(cancellationToken);
        await _session.RunAsync(
            async () =>
            {
                _isOver = true;
                await _stream.DisposeAsync();
                return 0;
            },
            cancellationToken
        );
        return _rows;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        await _session.AbandonAsync(
            async () =>
            {
                await _stream.CancelAsync();
                await _stream.DisposeAsync();
            },
            interrupt: false
        );
    }

    private void Encode(ColumnBatch batch, int row)
    {
        _buffer.WriteInt16((short)_encoders.Length);
        var column = 0;
        try
        {
            for (; column < _encoders.Length; column++)
                _encoders[column].Write(_buffer, row);
        }
        catch (UnstorableValueException e)
        {
            throw Errors.Of(
                EngineErrorKind.Data,
                $"column '{_columns[column].Name}' holds {e.Message} (row {batch.FirstRow + row + 1} of the transfer)",
                e.Hint
            );
        }
        _rows++;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _session.RunAsync(
            async () =>
            {
                await _stream.WriteAsync(_buffer.Written, CancellationToken.None);
                return 0;
            },
            cancellationToken
        );
        _buffer.Clear();
    }
}
