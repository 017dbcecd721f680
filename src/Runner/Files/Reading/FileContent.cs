using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Manifest.Sources;
using ZstdSharp;

namespace Strata.Runner.Files.Reading;

/// <summary>A landed file that is open: its text or bytes, unpacked, and its hash once it has been read.</summary>
internal sealed class FileContent : IAsyncDisposable
{
    private const int LongestReason = 500;

    private readonly LandedFile _file;
    private readonly HashedStream _raw;

    private FileContent(LandedFile file, HashedStream raw, Stream content)
    {
        _file = file;
        _raw = raw;
        Content = content;
    }

    /// <summary>The unpacked bytes.</summary>
    public Stream Content { get; }

    /// <summary>Of the file as it lies there.</summary>
    public long BytesRead => _raw.Count;

    /// <exception cref="IOException">Of all that can go wrong see <see cref="IsUnreadable"/>.</exception>
    public static FileContent Open(LandedFile file)
    {
        if (file.FindDeadEnd() is { } target)
            throw new FileNotFoundException($"it is a link to '{target}', which is not there");
        var raw = new HashedStream(
            new FileStream(
                file.FullPath,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                1 << 16,
                FileOptions.Asynchronous | FileOptions.SequentialScan
            )
        );
        Stream content =
            HasEnding(file, ".gz") ? new GzipContent(raw)
            : HasEnding(file, ".zst") ? new DecompressionStream(raw, leaveOpen: false)
            : raw;
        return new FileContent(file, raw, content);
    }

    /// <summary>Null when the file cannot be read, which is to be said when it is read in earnest.</summary>
    public static async Task<string?> FindHashAsync(LandedFile file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = Open(file);
            return await content.FinishAsync(cancellationToken);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>The hashes of the first bytes of a file as it lies there; of as many lengths as it has. None when it cannot be read.</summary>
    /// <param name="lengths">In order.</param>
    public static async Task<ImmutableArray<(long Length, string Hash)>> FindHashesAsync(
        LandedFile file,
        ImmutableArray<long> lengths,
        CancellationToken cancellationToken
    )
    {
        if (lengths.IsEmpty)
            return [];
        var found = ImmutableArray.CreateBuilder<(long, string)>();
        try
        {
            await using var raw = File.OpenRead(file.FullPath);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 16];
            var at = 0L;
            foreach (var length in lengths)
            {
                while (at < length)
                {
                    var some = buffer.AsMemory(0, (int)Math.Min(length - at, buffer.Length));
                    var read = await raw.ReadAsync(some, cancellationToken);
                    if (read == 0)
                        return found.ToImmutable();
                    hash.AppendData(buffer.AsSpan(0, read));
                    at += read;
                }
                found.Add((length, Convert.ToHexStringLower(hash.GetCurrentHash())));
            }
            return found.ToImmutable();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return [];
        }
    }

    /// <summary>Whether its rows are not in its bytes as they lie there.</summary>
    public static bool IsPacked(LandedFile file) => HasEnding(file, ".gz") || HasEnding(file, ".zst");

    /// <summary>Whether an exception says that a file cannot be read, and not that we cannot work.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception
            is IOException
                or UnauthorizedAccessException
                or InvalidDataException
                or DecoderFallbackException
                or ZstdException;

    /// <summary>The reason in words, of an exception that <see cref="IsUnreadable"/>.</summary>
    public static string Words(Exception exception) =>
        Printable(
            exception switch
            {
                DecoderFallbackException { BytesUnknown: { } bytes } =>
                    $"its characters are not in the declared encoding: bytes {Convert.ToHexString(bytes)}",
                EndOfStreamException or ZstdException => "the compressed file is damaged or ends too early",
                _ => exception.Message,
            }
        );

    /// <summary>What a file holds may be anything, and is quoted in reasons: engines take no zero characters, people no novels.</summary>
    private static string Printable(string reason)
    {
        var shown = new StringBuilder();
        foreach (var rune in reason.EnumerateRunes())
        {
            if (shown.Length >= LongestReason)
                return shown.Append('…').ToString();
            shown.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }
        return shown.ToString();
    }

    public StreamReader ReadText(FileEncoding encoding) => ReadText(Content, encoding);

    /// <param name="content">Unpacked.</param>
    public static StreamReader ReadText(Stream content, FileEncoding encoding) =>
        new(content, EncodingOf(encoding), detectEncodingFromByteOrderMarks: true, 1 << 16);

    /// <summary>The hash of the file as it lies there.</summary>
    /// <exception cref="IOException">The file is not what was listed: somebody is writing it.</exception>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        var hash = await _raw.FinishAsync(cancellationToken);
        if (_file.DiffersNow(_raw.Count))
            throw new IOException("it changed while it was read");
        return hash;
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        await _raw.DisposeAsync();
    }

    private static bool HasEnding(LandedFile file, string ending) =>
        file.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    // what is not in the encoding is an error, never a replacement character
    private static Encoding EncodingOf(FileEncoding encoding) =>
        encoding switch
        {
            // with its mark: one that is not its own changes the reader over to an encoding that replaces
            FileEncoding.Utf8 => new UTF8Encoding(true, throwOnInvalidBytes: true),
            FileEncoding.Utf16 => new UnicodeEncoding(false, true, throwOnInvalidBytes: true),
            FileEncoding.Latin1 => Encoding.Latin1,
            FileEncoding.Windows1252 => CodePagesEncodingProvider.Instance.GetEncoding(
                1252,
                EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback
            ) ?? Encoding.Latin1,
            _ => throw new ArgumentOutOfRangeException(nameof(encoding)),
        };
}
