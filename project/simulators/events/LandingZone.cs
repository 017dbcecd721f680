using System.Globalization;
using System.Text;

namespace Strata.Simulators.Events;

/// <summary>
/// Folders <c>year=/month=/day=</c> with several files a day. A file appears whole or not at all: it is written under a
/// name that no reader's glob matches and then renamed. A landed file never changes.
/// </summary>
internal sealed class LandingZone(string root)
{
    /// <summary>The name says from which hour (UTC) the events of the file arrived.</summary>
    public string PathOf(DateOnly date, int hour) =>
        Path.Combine(FolderOf(date), string.Create(CultureInfo.InvariantCulture, $"events-{hour:00}.jsonl"));

    /// <returns>False when the file was there already with the same content.</returns>
    /// <exception cref="IOException">The file is there with other content.</exception>
    public bool Land(DateOnly date, int hour, Action<TextWriter> write)
    {
        var path = PathOf(date, hour);
        Directory.CreateDirectory(FolderOf(date));
        var temporary = path + ".tmp";
        using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false), 1 << 16))
            write(writer);
        if (!File.Exists(path))
        {
            File.Move(temporary, path);
            return true;
        }
        var same = HaveSameContent(path, temporary);
        File.Delete(temporary);
        return same
            ? false
            : throw new IOException(
                $"{path} has landed before with other content (another seed, start or number of events?); "
                    + "landed files never change: remove the folder or give another --out"
            );
    }

    /// <summary>The last day that has a folder, or null when there is none.</summary>
    public DateOnly? LastLandedDate()
    {
        if (!Directory.Exists(root))
            return null;
        DateOnly? last = null;
        foreach (var folder in Directory.EnumerateDirectories(root, "day=*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, folder).Replace('\\', '/');
            if (
                DateOnly.TryParseExact(
                    relative,
                    "'year='yyyy'/month='MM'/day='dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var date
                ) && (last is null || date > last)
            )
                last = date;
        }
        return last;
    }

    private string FolderOf(DateOnly date) =>
        Path.Combine(
            root,
            date.ToString("'year='yyyy", CultureInfo.InvariantCulture),
            date.ToString("'month='MM", CultureInfo.InvariantCulture),
            date.ToString("'day='dd", CultureInfo.InvariantCulture)
        );

    private static bool HaveSameContent(string first, string second)
    {
        if (new FileInfo(first).Length != new FileInfo(second).Length)
            return false;
        using var one = File.OpenRead(first);
        using var other = File.OpenRead(second);
        Span<byte> left = new byte[1 << 16];
        Span<byte> right = new byte[1 << 16];
        while (true)
        {
            var read = one.ReadAtLeast(left, left.Length, throwOnEndOfStream: false);
            other.ReadAtLeast(right, right.Length, throwOnEndOfStream: false);
            if (read == 0)
                return true;
            if (!left[..read].SequenceEqual(right[..read]))
                return false;
        }
    }
}
