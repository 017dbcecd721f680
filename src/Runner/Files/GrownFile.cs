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
        var found = ImmutableArray.CreateBuilder<long>();
        try
        {
            await using var bytes = File.OpenRead(file.FullPath);
            var encoding = await EncodingOfAsync(bytes, config, cancellationToken);
            var unit = encoding.GetByteCount("\n");
            byte[][] ends = [.. EndsOf(config).Select(encoding.GetBytes)];
            foreach (var length in lengths)
            {
                // within a character no row ends
                if (
                    length == 0
                    || length % unit == 0 && await IsEndAsync(bytes, length, ends, cancellationToken)
                )
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

    /// <summary>What the file is read in: a mark at its beginning may say another one, or another byte order, than is declared.</summary>
    private static async Task<Encoding> EncodingOfAsync(
        FileStream bytes,
        FilesConfig config,
        CancellationToken cancellationToken
    )
    {
        const int longestMark = 4;
        var beginning = new byte[longestMark];
        var read = await bytes.ReadAtLeastAsync(
            beginning,
            longestMark,
            throwOnEndOfStream: false,
            cancellationToken
        );
        using var text = FileContent.ReadText(new MemoryStream(beginning, 0, read), config.Encoding);
        await text.ReadAsync(new char[longestMark], cancellationToken);
        return text.CurrentEncoding;
    }
}
