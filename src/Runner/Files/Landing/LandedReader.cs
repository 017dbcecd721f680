using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// Gives the rows of some files in batches, every file read once: hash, unpacking, characters and records in one
/// pass. Rejected rows are given with their problem and their text. Memory depends on neither the number nor
/// the size of files.
/// </summary>
/// <param name="wanted">By column, as of <see cref="LandedShape.Columns"/>: what nobody wants stays empty.</param>
/// <param name="follower">Is told how each file ended.</param>
internal sealed class LandedReader(
    FilesConfig config,
    LandedShape shape,
    ImmutableArray<LandedFile> files,
    ImmutableArray<bool> wanted,
    ILandedFollower follower
) : IBatchReader
{
    private const int FirstField = LandedColumn.Count;

    private readonly BatchPool _pool = new(shape.Columns);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _nullTexts = config
        .Csv.NullTexts.ToHashSet()
        .GetAlternateLookup<ReadOnlySpan<char>>();
    private OpenLandedFile? _open;
    private int _next;
    private long _bytes;

    public ImmutableArray<TransferColumn> Columns => shape.Columns;

    public async ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        var batch = _pool.Take();
        while (batch.Count < ColumnBatch.Capacity && (_open is not null || _next < files.Length))
        {
            var file = files[_open is null ? _next : _next - 1];
            try
            {
                if (_open is null)
                {
                    _next++;
                    _open = OpenLandedFile.Open(config, shape, file);
                    await _open.ReadHeaderAsync(follower, cancellationToken);
                }
                if (await FillAsync(_open, batch, cancellationToken))
                    continue;
                follower.Read(file, await _open.FinishAsync(cancellationToken), _open.Rows);
            }
            catch (Exception e) when (FileContent.IsUnreadable(e))
            {
                follower.CannotRead(file, e);
            }
            _bytes += file.Size;
            await CloseAsync();
        }
        follower.Report(batch.Count, _bytes + (_open?.BytesRead ?? 0));
        return batch.Count == 0 ? null : batch;
    }

    public void Recycle(ColumnBatch batch) => _pool.Return(batch);

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <returns>False at the end of the file.</returns>
    private async ValueTask<bool> FillAsync(
        OpenLandedFile file,
        ColumnBatch batch,
        CancellationToken cancellationToken
    )
    {
        while (batch.Count < ColumnBatch.Capacity)
        {
            if (!await file.Records.ReadAsync(cancellationToken))
                return false;
            Add(file, batch);
        }
        return true;
    }

    private void Add(OpenLandedFile file, ColumnBatch batch)
    {
        var (records, layout, at) = (file.Records, file.Layout, batch.Count);
        var problem = records.Problem ?? (layout is null ? null : CountProblem(records, layout));
        Text(batch, 0).SetText(at, file.Path);
        Set(batch, 1, file.NextRow());
        Set(batch, 2, records.Line);
        if (problem is not null)
            Text(batch, 3).SetText(at, problem);
        if ((layout is null || problem is not null) && wanted[4])
            Text(batch, 4).SetText(at, records.RawText);
        if (layout is not null && problem is null)
            SetFields(records, layout, batch);
        for (var i = 0; i < file.Partitions.Length; i++)
        {
            if (file.Partitions[i] is { } value)
                Text(batch, FirstField + shape.Fields.Length + i).SetText(at, value);
        }
        batch.Count++;
    }

    private static string? CountProblem(RecordReader records, CsvLayout layout) =>
        records.FieldCount == layout.Names.Length
            ? null
            : $"{records.FieldCount} {(records.FieldCount == 1 ? "field" : "fields")} where {layout.Names.Length} are expected";

    private void SetFields(RecordReader records, CsvLayout layout, ColumnBatch batch)
    {
        var others = 0;
        for (var i = 0; i < layout.Targets.Length; i++)
        {
            var target = layout.Targets[i];
            if (target < 0)
                others++;
            else if (wanted[FirstField + target] && TryValue(records, i, out var value))
                Text(batch, FirstField + target).SetText(batch.Count, value);
        }
        if (others > 0 && wanted[5] && config.Undeclared == NewFileColumns.Rescue)
            Text(batch, 5).SetText(batch.Count, Rescue(records, layout));
    }

    // an empty value is null, an empty text in quotes is a text
    private bool TryValue(RecordReader records, int field, out ReadOnlySpan<char> value)
    {
        value = records.FieldText(field);
        return !(value.IsEmpty && !records.IsQuoted(field)) && !_nullTexts.Contains(value);
    }

    private string Rescue(RecordReader records, CsvLayout layout)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            for (var i = 0; i < layout.Targets.Length; i++)
            {
                if (layout.Targets[i] >= 0)
                    continue;
                if (TryValue(records, i, out var value))
                    json.WriteString(layout.Names[i], value);
                else
                    json.WriteNull(layout.Names[i]);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private async ValueTask CloseAsync()
    {
        if (_open is null)
            return;
        await _open.DisposeAsync();
        _open = null;
    }

    private static Utf8Vector Text(ColumnBatch batch, int column) => (Utf8Vector)batch.Columns[column];

    private static void Set(ColumnBatch batch, int column, long value)
    {
        var vector = (ColumnVector<long>)batch.Columns[column];
        vector.Values[batch.Count] = value;
        vector.Nulls[batch.Count] = false;
    }
}
