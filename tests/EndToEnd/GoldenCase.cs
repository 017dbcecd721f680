namespace Strata.EndToEnd;

/// <summary>A folder of testdata/.</summary>
internal sealed class GoldenCase
{
    private static readonly string[] Expectations = ["cmd", "stdout.txt", "stderr.txt", "compiled", "tables"];

    private GoldenCase(string folder)
    {
        Folder = folder;
        Script = CaseScript.Read(Path.Combine(folder, "cmd"));
    }

    public static string Root { get; } = RepositoryRoot.Combine("tests", "EndToEnd", "testdata");

    public string Folder { get; }

    public CaseScript Script { get; }

    public static IReadOnlyList<GoldenCase> All { get; } =
    [
        .. Directory
            .EnumerateDirectories(Root)
            .Where(folder => Path.GetFileName(folder)[0] != '_')
            .Order(StringComparer.Ordinal)
            .Select(folder => new GoldenCase(folder)),
    ];

    public static GoldenCase Named(string name) => new(Path.Combine(Root, name));

    public static IEnumerable<string> Names(Func<CaseScript, bool> predicate) =>
        All.Where(golden => predicate(golden.Script)).Select(golden => Path.GetFileName(golden.Folder));

    public void CopyProjectTo(string target)
    {
        if (Script.Base is { } name)
            Copy(Path.Combine(Root, name), target);
        Copy(Folder, target);
    }

    /// <summary>The expected files by their path relative to the case.</summary>
    public Dictionary<string, string> ReadExpected()
    {
        var files = new Dictionary<string, string>();
        foreach (var name in Expectations.Skip(1))
        {
            var path = Path.Combine(Folder, name);
            if (File.Exists(path))
                files[name] = File.ReadAllText(path);
            else if (Directory.Exists(path))
            {
                foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
                    files[Path.GetRelativePath(Folder, file).Replace('\\', '/')] = File.ReadAllText(file);
            }
        }
        return files;
    }

    public void WriteExpected(IReadOnlyDictionary<string, string> actual)
    {
        foreach (var name in ReadExpected().Keys.Except(actual.Keys))
            File.Delete(Path.Combine(Folder, name));
        foreach (var (name, text) in actual)
        {
            var path = Path.Combine(Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
        {
            var name = Path.GetFileName(entry);
            if (!Expectations.Contains(name))
                CopyEntry(entry, Path.Combine(to, name));
        }
    }

    public static void CopyEntry(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
            return;
        }
        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
            CopyEntry(entry, Path.Combine(to, Path.GetFileName(entry)));
    }
}
