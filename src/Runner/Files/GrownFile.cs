using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>A landed file that has what was taken in, and more rows behind it: those that were read are in it as they were.</summary>
internal static class GrownFile
{
    /// <summary>
    /// Whether a file has only grown. Where the old content did not end with a line, and the new one does not end that line, its last row is another one
    /// now. Of packed files that cannot be told, nor of those that are read by what stands at their end.
    /// </summary>
    public static async Task<bool> IsAsync(
        FilesConfig config,
        ConsumedFile before,
        LandedFile now,
        CancellationToken cancellationToken
    ) =>
        before is { IsWaiting: false, IsMoved: false }
        && now.Size > before.Size
        && CanBe(config, now)
        && (await FileContent.FindHashesAsync(now, [before.Size], cancellationToken))
            .Select(first => first.Hash)
            .Contains(before.TakenHash)
        && await EndsAsync(config, now, [before.Size], cancellationToken) is { IsEmpty: false };

    /// <summary>Whether it can be told of a file.</summary>
    public static bool CanBe(FilesConfig config, LandedFile file) =>
        config.Format != FileFormat.Parquet && !FileContent.IsPacked(file);

    /// <summary>How many rows the file had when it was so long, as <c>_source_row</c> counts them; none where it cannot be read.</summary>
    public static async Task<long> CountOldAsync(
        FilesConfig config,
        LandedFile file,
        long length,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var bytes = new FirstBytes(File.OpenRead(file.FullPath), length);
            using var text = FileContent.ReadText(bytes, config.Encoding);
            RecordReader records = config.Format switch
            {
                FileFormat.Csv => new CsvRecords(text, config.Csv),
                FileFormat.Json => new JsonRecords(text),
                _ => new LineRecords(text, skipBlank: false),
            };
            var rows = 0L;
            while (await records.ReadAsync(cancellationToken))
                rows++;
            return config is { Format: FileFormat.Csv, Csv.Header: true } ? Math.Max(0, rows - 1) : rows;
        }
        catch (Exception e) when (FileContent.IsUnreadable(e))
        {
            return 0;
        }
    }

    /// <summary>At which of some lengths a row of a file ends: there is the end of a line before, or behind.</summary>
    public static async Task<ImmutableArray<long>> EndsAsync(
        FilesConfig config,
        LandedFile file,
        ImmutableArray<long> lengths,
        CancellationToken cancellationToken
    )
    {
        byte[][] ends = [.. EndsOf(config).SelectMany(end => BytesOf(config, end))];
        var found = ImmutableArray.CreateBuilder<long>();
        try
        {
            await using var bytes = File.OpenRead(file.FullPath);
            foreach (var length in lengths)
            {
                if (length == 0 || await IsEndAsync(bytes, length, ends, cancellationToken))
                    found.Add(length);
            }
            return found.ToImmutable();
        }
        catch (Exception e) when (FileContent.IsUnreadable(e))
        {
            return [];
        }
    }

    private static async Task<bool> IsEndAsync(
        FileStream bytes,
        long length,
        byte[][] ends,
        CancellationToken cancellationToken
    )
    {
        var longest = ends.Max(end => end.Length);
        var start = Math.Max(0, length - longest);
        var around = new byte[length - start + longest];
        bytes.Seek(start, SeekOrigin.Begin);
        var read = await bytes.ReadAtLeastAsync(
            around,
            around.Length,
            throwOnEndOfStream: false,
            cancellationToken
        );
        var old = around.AsMemory(0, (int)(length - start));
        var added = around.AsMemory(old.Length, Math.Max(0, read - old.Length));
        return ends.Any(end => old.Span.EndsWith(end) || added.Span.StartsWith(end));
    }

    private static string[] EndsOf(FilesConfig config) =>
        config switch
        {
            { Format: FileFormat.Csv, Csv.RowTerminator: { } terminator } => [terminator],
            { Format: FileFormat.Csv } => ["\n", "\r"],
            _ => ["\n"],
        };

    // which of the two byte orders it is, a mark says that the file begins with; what the other one makes of the end of a line is no character
    private static byte[][] BytesOf(FilesConfig config, string end) =>
        config.Encoding == FileEncoding.Utf16
            ? [Encoding.Unicode.GetBytes(end), Encoding.BigEndianUnicode.GetBytes(end)]
            : [Encoding.UTF8.GetBytes(end)];
}
