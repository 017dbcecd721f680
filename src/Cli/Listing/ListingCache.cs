using System.Text;
using Strata.Compiler.Project;

namespace Strata.Cli.Listing;

/// <summary>
/// Keeps the listing of a project beside its artifacts, so that looking at it again costs no compilation. It is
/// believed only while everything that it was made from is the same, byte for byte, and may be deleted at any time.
/// </summary>
public sealed class ListingCache(string folder, DateTimeOffset now)
{
    private const string FileName = "listing.bin";

    // files are looked at after they were compiled: one that was written in between must not be believed
    private static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(folder, FileName);

    /// <returns>Null when there is none, or something has changed.</returns>
    public ProjectListing? Find(ListingInputs inputs)
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
            return key.Hash(inputs, Today) == hash ? ListingFile.Read(reader) : null;
        }
        catch (Exception exception) when (IsNoMatter(exception))
        {
            return null;
        }
    }

    /// <summary>Keeps a listing; where that is not possible, nothing is lost but time.</summary>
    /// <param name="sources">What the project consists of.</param>
    /// <param name="variables">The environment variables that were read.</param>
    /// <param name="redact">Takes secrets out of texts: what holds one is not kept.</param>
    public void Keep(
        ProjectListing listing,
        ListingInputs inputs,
        ProjectSources sources,
        IEnumerable<string> variables,
        Func<string, string> redact
    )
    {
        try
        {
            var key = new ListingKey(sources.Folders, sources.Included, [.. variables]);
            if (IsJustWritten(inputs, sources))
                return;
            var hash = key.Hash(inputs, Today);
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes, Encoding.UTF8);
            ListingFile.WriteTexts(writer, key.Folders);
            ListingFile.WriteTexts(writer, key.Included);
            ListingFile.WriteTexts(writer, key.Variables);
            writer.Write((ulong)(hash >> 64));
            writer.Write((ulong)hash);
            ListingFile.Write(writer, listing);
            if (HoldsSecret(bytes, redact))
                return;
            Directory.CreateDirectory(folder);
            var temporary = $"{_path}.{Environment.ProcessId}.tmp";
            File.WriteAllBytes(temporary, bytes.ToArray());
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception exception) when (IsNoMatter(exception)) { }
    }

    private DateOnly Today => DateOnly.FromDateTime(now.UtcDateTime);

    private bool IsJustWritten(ListingInputs inputs, ProjectSources sources) =>
        sources
            .Folders.SelectMany(root =>
                ProjectSources.List(inputs.ProjectFolder, root).Select(file => Path.Combine(root, file))
            )
            .Concat(sources.Included)
            .Append(Session.ProjectLocator.ProjectFile)
            .Append(inputs.ProfilesFile)
            .Any(file =>
                File.GetLastWriteTimeUtc(Path.Combine(inputs.ProjectFolder, file))
                > (now - ClockDoubt).UtcDateTime
            );

    // whoever reads a listing back does not know the secrets, and could not mask them
    private static bool HoldsSecret(MemoryStream bytes, Func<string, string> redact)
    {
        var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return redact(text) != text;
    }

    private static bool IsNoMatter(Exception exception) =>
        exception
            is IOException
                or UnauthorizedAccessException
                or InvalidDataException
                or NotSupportedException
                or ArgumentException
                or OverflowException
                or OutOfMemoryException;
}
