using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Manifest;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// Reads csv, JSON and text files into the table of landed rows, every file once: hash, unpacking, characters and
/// records in one pass. Rows that are none are landed with their problem and their text.
/// </summary>
internal sealed class TextLanding(
    SourceNode source,
    FilesConfig config,
    string consumer,
    long batchId,
    LandedRows rows,
    ImmutableArray<string> declared
)
{
    private readonly ImmutableArray<ConsumedFile>.Builder _records =
        ImmutableArray.CreateBuilder<ConsumedFile>();
    private readonly List<(LandedFile, string)> _unreadable = [];
    private readonly DriftNotes _drift = new();
    private readonly HashSet<string> _nullTexts = [.. config.Csv.NullTexts];
    private readonly ImmutableArray<string> _fields =
    [
        .. rows.Columns.Where(name => !rows.IsPartition(name)),
    ];

    public async Task<FileIntakeResult> ReadAsync(
        LandingWriter writer,
        IEnumerable<LandedFile> files,
        IProgress<long> progress,
        CancellationToken cancellationToken
    )
    {
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var hash = "";
            try
            {
                await using var content = FileContent.Open(file);
                using var text = content.ReadText(config.Encoding);
                await ReadFileAsync(file, Records(text), writer, progress, cancellationToken);
                hash = await content.FinishAsync(cancellationToken);
            }
            catch (Exception e) when (FileContent.IsUnreadable(e))
            {
                _unreadable.Add((file, FileContent.Words(e)));
            }
            _records.Add(
                new ConsumedFile(
                    source.UniqueId,
                    consumer,
                    file.Path,
                    file.Size,
                    file.ModifiedAt,
                    hash,
                    batchId
                )
            );
            progress.Report(writer.Rows);
        }
        return new FileIntakeResult(_records.ToImmutable(), [.. _unreadable], _drift.ToResult());
    }

    public RecordReader Records(TextReader text) =>
        config.Format switch
        {
            FileFormat.Csv => new CsvRecords(text, config.Csv),
            FileFormat.Json => new JsonRecords(text),
            FileFormat.JsonLines => new LineRecords(text, skipBlank: true),
            FileFormat.Text => new LineRecords(text, skipBlank: false),
            _ => throw new InvalidOperationException($"{config.Format} is no text"),
        };

    private async Task ReadFileAsync(
        LandedFile file,
        RecordReader records,
        LandingWriter writer,
        IProgress<long> progress,
        CancellationToken cancellationToken
    )
    {
        var layout =
            config.Format == FileFormat.Csv ? await LayOutAsync(file, records, cancellationToken) : null;
        var partitions = rows.Partitions.Select(name => FilePartitions.Find(file.Path, name)).ToArray();
        var byLine = config.Format is FileFormat.JsonLines or FileFormat.Text;
        var row = 0L;
        while (await records.ReadAsync(cancellationToken))
        {
            row = byLine ? records.Line : row + 1;
            var problem = records.Problem ?? (layout is null ? null : CountProblem(records, layout));
            var raw = layout is null || problem is not null ? records.Raw : null;
            writer.Begin(file.Path, row, records.Line, problem, raw);
            if (layout is not null && problem is null)
                SetFields(records, layout, writer);
            for (var i = 0; i < partitions.Length; i++)
                writer.Set(_fields.Length + i, partitions[i]);
            await writer.EndAsync(cancellationToken);
            if ((writer.Rows & 0xffff) == 0)
                progress.Report(writer.Rows);
        }
    }

    private async Task<CsvLayout> LayOutAsync(
        LandedFile file,
        RecordReader records,
        CancellationToken cancellationToken
    )
    {
        // a file without anything in it, not even a header, has no rows and no columns to miss
        if (!config.Csv.Header || await CsvHeader.ReadAsync(records, cancellationToken) is not { } header)
            return CsvLayout.Create(config, declared, declared, _fields);
        var layout = CsvLayout.Create(config, header, declared, _fields);
        if (!declared.IsEmpty && layout.Missing.Length == declared.Length)
            throw new InvalidDataException(
                $"its header names none of the declared columns: {string.Join(", ", header)}"
            );
        _drift.Add(DriftKind.Missing, layout.Missing, file.Path);
        _drift.Add(DriftKind.Undeclared, layout.Undeclared, file.Path);
        return layout;
    }

    private static string? CountProblem(RecordReader records, CsvLayout layout) =>
        records.FieldCount == layout.Names.Length
            ? null
            : $"{records.FieldCount} {(records.FieldCount == 1 ? "field" : "fields")} where {layout.Names.Length} are expected";

    private void SetFields(RecordReader records, CsvLayout layout, LandingWriter writer)
    {
        for (var i = 0; i < layout.Targets.Length; i++)
        {
            if (layout.Targets[i] >= 0)
                writer.Set(layout.Targets[i], Value(records, i));
        }
        if (config.Undeclared == NewFileColumns.Rescue && layout.Targets.Contains(-1))
            writer.SetRescued(Rescue(records, layout));
    }

    // an empty value is null, an empty text in quotes is a text
    private string? Value(RecordReader records, int field)
    {
        var value = records.Field(field);
        return (value.Length == 0 && !records.IsQuoted(field)) || _nullTexts.Contains(value) ? null : value;
    }

    private string Rescue(RecordReader records, CsvLayout layout)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            for (var i = 0; i < layout.Targets.Length; i++)
            {
                if (layout.Targets[i] < 0)
                    json.WriteString(layout.Names[i], Value(records, i));
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
