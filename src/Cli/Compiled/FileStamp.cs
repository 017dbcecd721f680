namespace Strata.Cli.Compiled;

/// <summary>What tells whether a file was written again.</summary>
/// <param name="Length">In bytes; -1 of a file that is not there.</param>
/// <param name="Written">When, in ticks of UTC.</param>
public readonly record struct FileStamp(long Length, long Written)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : new FileStamp(-1, 0);
    }
}
