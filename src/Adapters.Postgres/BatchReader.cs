using System.Buffers.Binary;
using System.Collections.Immutable;
using Npgsql;
using Strata.Adapters.Postgres.Copy;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

/// <summary>COPY of a query's result in binary format, decoded by us straight into vectors.</summary>
internal sealed class BatchReader : IBatchReader
{
    // signature, flags, and the length of an extension that no server sends
    private const int HeaderLength = 19;

    private const int FillAtLeast = 64 * 1024;

    // a short result is not kept waiting
    private const int WaitsAtOnce = 4;

    // the least that a timer gives: the sockets' buffers hold more than what comes in it
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1);

    private readonly Session _session;
    private readonly NpgsqlRawCopyStream _stream;
    private readonly BatchPool _pool;
    private readonly ColumnDecoder[] _decoders;
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private long _rows;
    private int _waits;

    // of the batch
    private long _bytes;
    private bool _isHeaderRead;
    private bool _isAtEnd;
    private bool _isOver;

    private BatchReader(Session session, NpgsqlRawCopyStream stream, TransferQuery query)
    {
        _session = session;
        _stream = stream;
        _pool = new BatchPool(query.Columns);
        _decoders = [.. query.Columns.Select((column, i) => ColumnDecoder.For(column.Type, query.Oids[i]))];
        Columns = query.Columns;
    }

    public ImmutableArray<TransferColumn> Columns { get; }

    public static async Task<IBatchReader> OpenAsync(
        Session session,
        string sql,
        CancellationToken cancellationToken
    )
    {
        var query = await TransferQuery.PrepareAsync(session, sql, cancellationToken);
        query.RefuseUnsupported();
        const string begin = "copy (";
        var stream = await session.RunAsync(
            () =>
                session.Connection.BeginRawBinaryCopyAsync(
                    $"{begin}{query.Sql}\n) to stdout (format binary)",
                    CancellationToken.None
                ),
            cancellationToken,
            sql,
            begin.Length + query.PrefixLength
        );
        return new BatchReader(session, stream, query);
    }

    public async ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isAtEnd)
            return null;
        var batch = _pool.Take();
        _bytes = 0;
        while (!_isAtEnd && batch.Count < ColumnBatch.Capacity && _bytes < Utf8Vector.BytesPerBatch)
        {
            if (!TryDecodeRow(batch))
                await FillAsync(cancellationToken);
        }
        if (batch.Count > 0)
            return batch;
        _pool.Return(batch);
        return null;
    }

    public void Recycle(ColumnBatch batch) => _pool.Return(batch);

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        if (_isAtEnd)
            await _stream.DisposeAsync();
        else
            await _session.AbandonAsync(async () => await _stream.DisposeAsync(), interrupt: true);
    }

    /// <summary>Decodes the next row if all of it is in the buffer.</summary>
    private bool TryDecodeRow(ColumnBatch batch)
    {
        var available = _buffer.AsSpan(_start, _end - _start);
        if (!_isHeaderRead)
        {
            if (available.Length < HeaderLength)
                return false;
            _isHeaderRead = true;
            _start += HeaderLength;
            available = available[HeaderLength..];
        }
        if (available.Length < 2)
            return false;
        if (BinaryPrimitives.ReadInt16BigEndian(available) < 0)
        {
            _isAtEnd = true;
            return true;
        }
        if (!HoldsRow(available))
            return false;
        Decode(available, batch);
        return true;
    }

    private bool HoldsRow(ReadOnlySpan<byte> available)
    {
        var at = 2;
        for (var i = 0; i < _decoders.Length; i++)
        {
            if (available.Length - at < 4)
                return false;
            at += 4 + Math.Max(BinaryPrimitives.ReadInt32BigEndian(available[at..]), 0);
            if (at > available.Length)
                return false;
        }
        return true;
    }

    private void Decode(ReadOnlySpan<byte> available, ColumnBatch batch)
    {
        var row = batch.Count;
        var at = 2;
        var column = 0;
        try
        {
            for (; column < _decoders.Length; column++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(available[at..]);
                at += 4;
                batch.Columns[column].Nulls[row] = length < 0;
                if (length < 0)
                    continue;
                _decoders[column].Read(available.Slice(at, length), batch.Columns[column], row);
                at += length;
            }
        }
        catch (UnstorableValueException e)
        {
            throw Errors.Of(
                EngineErrorKind.Data,
                $"column '{Columns[column].Name}' holds {e.Message} (row {_rows + 1} of the transfer)",
                e.Hint
            );
        }
        _start += at;
        _bytes += at;
        _rows++;
        batch.Count++;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await _session.RunAsync(FillBufferAsync, cancellationToken);
        if (read == 0)
            throw Errors.Of(EngineErrorKind.Connection, "the server ended a copy before its end mark");
        _end += read;
    }

    // the server sends a message for each row, and a read gives one message: several are worth one round of ours
    private async Task<int> FillBufferAsync()
    {
        var read = 0;
        while (read < FillAtLeast && _end + read < _buffer.Length)
        {
            var reading = _stream.ReadAsync(_buffer.AsMemory(_end + read), CancellationToken.None);
            var waits = !reading.IsCompleted;
            var more = await reading;
            if (more == 0)
                break;
            read += more;
            if (waits)
                await GatherAsync();
        }
        return read;
    }

    // The server sends 8 KB at a time. To be woken for each costs more than to read it, and takes the processor from the server.
    // On Windows a timer is too slow for that.
    private async ValueTask GatherAsync()
    {
        if (++_waits > WaitsAtOnce && !OperatingSystem.IsWindows())
            await Task.Delay(Gathering);
    }
}
