namespace Strata.Runner.State;

/// <summary>A landed file that a node has taken in, or could not read.</summary>
/// <param name="Path">As listed: relative to the project with '/' separators, or absolute outside of it.</param>
/// <param name="ModifiedAt">UTC ticks of the file's last write.</param>
/// <param name="Hash">SHA-256 of the content, in hex; empty for a file that could not be read, <see cref="DroppedHash"/> when that was accepted.</param>
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

    /// <summary>Its rows were taken in; otherwise it is read again when it changes.</summary>
    public bool IsRead => Hash is not ("" or DroppedHash);

    /// <summary>It could not be read, and is to be mended or dropped.</summary>
    public bool IsWaiting => Hash.Length == 0;
}
