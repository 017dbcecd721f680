namespace Strata.Runner.State;

/// <summary>A landed file that a node has taken in, or could not read.</summary>
/// <param name="Path">As listed: relative to the project with '/' separators, or absolute outside of it.</param>
/// <param name="ModifiedAt">UTC ticks of the file's last write; of a content that lies elsewhere when the run began that noted it.</param>
/// <param name="Hash">
/// SHA-256 of the content, in hex; empty for a file that could not be read, <see cref="DroppedHash"/> when that was accepted. That of an
/// earlier version behind <see cref="StaysMark"/> where a later one could not be read, behind <see cref="MovedMark"/> where the content lies elsewhere, and
/// behind <see cref="RefusedMark"/> where no row of it was taken in.
/// </param>
public sealed record ConsumedFile(
    string Source,
    string Consumer,
    string Path,
    long Size,
    long ModifiedAt,
    string Hash,
    long BatchId
)
{
    /// <summary>Stands for the hash of a file that could not be read and that nobody waits for.</summary>
    public const string DroppedHash = "dropped";

    /// <summary>Stands in front of the hash of a version whose rows stay, because the one that took its place could not be read.</summary>
    public const string StaysMark = "stays:";

    /// <summary>
    /// Stands in front of the hash of a content that lies under another path since, which is noted, too: rows in the model may still have this path.
    /// Where another file takes the path, such a note stays beside that file's own.
    /// </summary>
    public const string MovedMark = "moved:";

    /// <summary>Stands in front of the hash of a content that could be read, and of which every row was rejected.</summary>
    public const string RefusedMark = "refused:";

    /// <summary>Its rows were taken in, those of an earlier version perhaps; otherwise it is read again when it changes.</summary>
    public bool IsRead => Hash is not ("" or DroppedHash);

    /// <summary>It could not be read, and is to be mended or dropped.</summary>
    public bool IsWaiting => Hash.Length == 0 || IsOutdated || IsRefused;

    /// <summary>The hash of what was taken in.</summary>
    public string TakenHash =>
        IsOutdated ? Hash[StaysMark.Length..]
        : IsMoved ? Hash[MovedMark.Length..]
        : IsRefused ? Hash[RefusedMark.Length..]
        : Hash;

    /// <summary>Its content lies under another path now, whose note stands for it.</summary>
    public bool IsMoved => Hash.StartsWith(MovedMark, StringComparison.Ordinal);

    /// <summary>No row of it was taken in: the quarantine has all of them. Whatever takes its place is as good as new.</summary>
    public bool IsRefused => Hash.StartsWith(RefusedMark, StringComparison.Ordinal);

    /// <summary>The rows of an earlier version stay.</summary>
    private bool IsOutdated => Hash.StartsWith(StaysMark, StringComparison.Ordinal);

    /// <summary>The same where every row was rejected.</summary>
    public ConsumedFile Refused() => this with { Hash = RefusedMark + Hash };

    /// <summary>The same once its content lies under another path.</summary>
    /// <param name="at">When the run began that found it there.</param>
    public ConsumedFile Moves(DateTimeOffset at) =>
        this with
        {
            Hash = MovedMark + TakenHash,
            ModifiedAt = at.UtcTicks,
        };

    /// <summary>Another version has come and could not be read: this one's rows stay until one can.</summary>
    public ConsumedFile StaysInsteadOf(ConsumedFile unreadable) =>
        this with
        {
            Size = unreadable.Size,
            ModifiedAt = unreadable.ModifiedAt,
            Hash = StaysMark + TakenHash,
        };
}
