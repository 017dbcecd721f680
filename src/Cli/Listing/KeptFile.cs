using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Project;

namespace Strata.Cli.Listing;

/// <summary>
/// Something that was made from a project, kept beside its artifacts. It is believed only while everything that it was made from is the
/// same, byte for byte, and may be deleted at any time.
/// </summary>
/// <param name="now">When the command began.</param>
/// <param name="today">Null for what is believed on any day.</param>
public sealed class KeptFile(string folder, string name, DateTimeOffset now, DateOnly? today)
{
    // files are looked at after they were compiled: one that was written in between must not be believed
    private static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(folder, name);

    /// <param name="read">Reads what was written, or gives null if it is of no use any more.</param>
    /// <returns>Null when there is nothing, or something has changed.</returns>
    public T? Find<T>(ListingInputs inputs, Func<BinaryReader, T?> read)
        where T : class
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(_path)), Encoding.UTF8);
            var key = new ListingKey(
                ListingFile.ReadTexts(reader),
                ListingFile.ReadTexts(reader),
                ListingFile.ReadTexts(reader)
            );
            var hash = new UInt128(reader.ReadUInt64(), reader.ReadUInt64());
            return key.Hash(inputs, key.FilesOf(inputs), today) == hash ? read(reader) : null;
        }
        catch (Exception exception) when (IsNoMatter(exception))
        {
            return null;
        }
    }

    /// <summary>Keeps it; where that is not possible, nothing is lost but time.</summary>
    /// <param name="sources">What the project consists of.</param>
    /// <param name="variables">The environment variables that were read.</param>
    /// <param name="redact">Takes secrets out of texts: what holds one is not kept.</param>
    public void Keep(
        ListingInputs inputs,
        ProjectSources sources,
        IEnumerable<string> variables,
        Func<string, string> redact,
        Action<BinaryWriter> write
    )
    {
        try
        {
            var key = new ListingKey(sources.Folders, sources.Included, [.. variables]);
            var files = key.FilesOf(inputs);
            if (IsJustWritten(inputs, sources, files))
                return;
            var hash = key.Hash(inputs, files, today);
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes, Encoding.UTF8);
            ListingFile.WriteTexts(writer, key.Folders);
            ListingFile.WriteTexts(writer, key.Included);
            ListingFile.WriteTexts(writer, key.Variables);
            writer.Write((ulong)(hash >> 64));
            writer.Write((ulong)hash);
            write(writer);
            writer.Flush();
            if (HoldsSecret(bytes, redact))
                return;
            Directory.CreateDirectory(folder);
            var temporary = $"{_path}.{Environment.ProcessId}.tmp";
            File.WriteAllBytes(temporary, bytes.ToArray());
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception exception) when (IsNoMatter(exception)) { }
    }

    // a file that is gone by now has left its trace in the folder that it was in
    private bool IsJustWritten(ListingInputs inputs, ProjectSources sources, ImmutableArray<string> files)
    {
        var latest = (now - ClockDoubt).UtcDateTime;
        var areOld = Parallel
            .ForEach(
                files,
                (file, loop) =>
                {
                    if (File.GetLastWriteTimeUtc(file) > latest)
                        loop.Stop();
                }
            )
            .IsCompleted;
        return !areOld
            || sources
                .Folders.Select(root => Path.Combine(inputs.ProjectFolder, root))
                .Where(Directory.Exists)
                .SelectMany(root =>
                    Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Prepend(root)
                )
                .Any(inner => Directory.GetLastWriteTimeUtc(inner) > latest);
    }

    // whoever reads it back does not know the secrets, and could not mask them
    private static bool HoldsSecret(MemoryStream bytes, Func<string, string> redact)
    {
        var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return redact(text) != text;
    }

    private static bool IsNoMatter(Exception exception) =>
        exception is AggregateException { InnerExceptions: var several } && several.All(IsNoMatter)
        || exception
            is IOException
                or UnauthorizedAccessException
                or InvalidDataException
                or NotSupportedException
                or ArgumentException
                or OverflowException
                or OutOfMemoryException;
}
