namespace Strata.Cli.Session;

/// <summary>Finds the folder that holds strata.yml.</summary>
public static class ProjectLocator
{
    public const string ProjectFile = "strata.yml";

    /// <summary>The folder that was named, if it holds a project; else the working directory or the nearest one above.</summary>
    /// <returns>An absolute path, or null.</returns>
    public static string? Find(string workingDirectory, string? named)
    {
        if (named is not null)
        {
            var folder = Path.GetFullPath(named, workingDirectory);
            return IsProject(folder) ? folder : null;
        }
        for (var folder = new DirectoryInfo(workingDirectory); folder is not null; folder = folder.Parent)
        {
            if (IsProject(folder.FullName))
                return folder.FullName;
        }
        return null;
    }

    private static bool IsProject(string folder) => File.Exists(Path.Combine(folder, ProjectFile));
}
