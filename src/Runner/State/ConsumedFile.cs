namespace Strata.Runner.State;

/// <summary>A landed file that a node has taken in, or could not read.</summary>
/// <param name="Path">As listed: relative to the project with '/' separators, or absolute outside of it.</param>
/// <param name="ModifiedAt">UTC ticks of the file's last write.</param>
/// <param name="Hash">SHA-256 of the content, in hex; empty for a file that could not be read.</param>
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
    /// <summary>Its rows were taken in; otherwise it is read again when it changes.</summary>
    public bool IsRead => Hash.Length > 0;
}
