namespace Strata.Testing;

/// <summary>A folder of one test's own, deleted at the end (kept when STRATA_KEEP_TEMP is set, to look into).</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("strata-test-").FullName;

    public string Path { get; }

    public string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file, with the folders above it; returns its full path.</summary>
    public string Write(string relative, string text)
    {
        var file = Combine(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public string Read(string relative) => File.ReadAllText(Combine(relative));

    /// <summary>Copies a folder's whole content into this one.</summary>
    public void CopyFrom(string folder)
    {
        foreach (var source in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Combine(System.IO.Path.GetRelativePath(folder, source));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(source, target, overwrite: true);
        }
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("STRATA_KEEP_TEMP") is null or "")
            Directory.Delete(Path, recursive: true);
    }
}
