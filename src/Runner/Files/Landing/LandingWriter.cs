using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// Loads rows as text into the table of landed rows. While one batch is written the next is filled, so memory does
/// not depend on the number of rows.
/// </summary>
internal sealed class LandingWriter : IAsyncDisposable
{
    private const int FirstField = 6;
    private static readonly TransferType TextType = new(TransferKind.Text);
    private static readonly TransferType NumberType = new(TransferKind.Int64);

    private readonly IBatchWriter _writer;
    private readonly int _width;
    private ColumnBatch _filling;
    private ColumnBatch _writing;
    private Task _written = Task.CompletedTask;

    private LandingWriter(IBatchWriter writer, ImmutableArray<TransferColumn> columns)
    {
        _writer = writer;
        _width = columns.Length;
        _filling = ColumnBatch.Create(columns);
        _writing = ColumnBatch.Create(columns);
    }

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    public static ImmutableArray<TransferColumn> Columns(ImmutableArray<string> columns) =>
        [
            Text(LandedColumn.File),
            Number(LandedColumn.Row),
            Number(LandedColumn.Line),
            Text(LandedColumn.Problem),
            Text(LandedColumn.Raw),
            Text(LandedColumn.Rescued),
            .. columns.Select(Text),
        ];

    public static async Task<LandingWriter> OpenAsync(
        ISession session,
        RelationName table,
        ImmutableArray<string> columns,
        CancellationToken cancellationToken
    )
    {
        var all = Columns(columns);
        return new LandingWriter(await session.OpenWriterAsync(table, all, cancellationToken), all);
    }

    /// <summary>Begins a row; its fields are null until <see cref="Set"/>.</summary>
    public void Begin(string file, long row, long line, string? problem = null, string? raw = null)
    {
        var at = _filling.Count;
        _filling.Columns[0].Set(at, file);
        _filling.Columns[1].Set(at, row);
        _filling.Columns[2].Set(at, line);
        _filling.Columns[3].Set(at, problem);
        _filling.Columns[4].Set(at, raw);
        for (var i = FirstField - 1; i < _width; i++)
            _filling.Columns[i].Nulls[at] = true;
    }

    public void Set(int column, string? value) => Put(FirstField + column, value);

    public void SetRescued(string json) => Put(FirstField - 1, json);

    /// <summary>Ends the row.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        Rows++;
        return ++_filling.Count < ColumnBatch.Capacity ? default : FlushAsync(cancellationToken);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await _written;
        await _writer.CompleteAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _written;
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // whoever waited for it has seen it already, or ends for another reason
        }
        await _writer.DisposeAsync();
    }

    private void Put(int column, string? value)
    {
        var vector = (ColumnVector<string>)_filling.Columns[column];
        vector.Nulls[_filling.Count] = value is null;
        if (value is not null)
            vector.Values[_filling.Count] = value;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _written;
        (_filling, _writing) = (_writing, _filling);
        _filling.Count = 0;
        if (_writing.Count > 0)
            _written = _writer.WriteAsync(_writing, cancellationToken).AsTask();
    }

    private static TransferColumn Text(string name) => new(name, TextType, "text");

    private static TransferColumn Number(string name) => new(name, NumberType, "bigint");
}
