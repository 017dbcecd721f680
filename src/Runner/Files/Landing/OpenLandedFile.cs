using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>A landed file of text that is being read.</summary>
internal sealed class OpenLandedFile : IAsyncDisposable
{
    private readonly FilesConfig _config;
    private readonly LandedShape _shape;
    private readonly LandedFile _file;
    private readonly FileContent _content;
    private readonly StreamReader _text;
    private readonly bool _byLine;

    private OpenLandedFile(FilesConfig config, LandedShape shape, LandedFile file, FileContent content)
    {
        (_config, _shape, _file, _content) = (config, shape, file, content);
        _text = content.ReadText(config.Encoding);
        _byLine = config.Format is FileFormat.JsonLines or FileFormat.Text;
        Path = file.Path;
        Partitions = [.. shape.Partitions.Select(name => FilePartitions.Find(file.Path, name))];
        Records = config.Format switch
        {
            FileFormat.Csv => new CsvRecords(_text, config.Csv),
            FileFormat.Json => new JsonRecords(_text),
            FileFormat.JsonLines => new LineRecords(_text, skipBlank: true),
            FileFormat.Text => new LineRecords(_text, skipBlank: false),
            _ => throw new InvalidOperationException($"{config.Format} is no text"),
        };
    }

    public string Path { get; }

    public RecordReader Records { get; }

    /// <summary>Of csv files, once the header has been read.</summary>
    public CsvLayout? Layout { get; private set; }

    /// <summary>The values of the folders.</summary>
    public ImmutableArray<string?> Partitions { get; }

    /// <summary>How many rows have been found so far.</summary>
    public long Rows { get; private set; }

    public long BytesRead => _content.BytesRead;

    /// <exception cref="IOException">Of all that can go wrong see <see cref="FileContent.IsUnreadable"/>.</exception>
    public static OpenLandedFile Open(FilesConfig config, LandedShape shape, LandedFile file) =>
        new(config, shape, file, FileContent.Open(file));

    /// <exception cref="InvalidDataException">The file is of something else.</exception>
    public async ValueTask ReadHeaderAsync(ILandedFollower follower, CancellationToken cancellationToken)
    {
        if (_config.Format != FileFormat.Csv)
            return;
        var declared = _shape.Declared;
        if (!_config.Csv.Header)
        {
            Layout = CsvLayout.Create(_config, declared, declared, _shape.Fields);
            return;
        }
        // what will be in it is not there yet: taken for a file without rows, it would be a changed one once it is
        var header =
            await CsvHeader.ReadAsync(Records, cancellationToken)
            ?? throw new InvalidDataException("it is empty and does not even have a header");
        Layout = CsvLayout.Create(_config, header, declared, _shape.Fields);
        if (!declared.IsEmpty && Layout.Missing.Length == declared.Length)
            throw new InvalidDataException(FileHeader.NamesNone(header));
        follower.Begin(_file, Layout);
    }

    /// <summary>The number of the row that <see cref="Records"/> has found.</summary>
    public long NextRow()
    {
        Rows++;
        return _byLine ? Records.Line : Rows;
    }

    public Task<string> FinishAsync(CancellationToken cancellationToken) =>
        _content.FinishAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _text.Dispose();
        await _content.DisposeAsync();
    }
}
