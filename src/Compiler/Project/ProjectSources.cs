using System.Collections.Immutable;

namespace Strata.Compiler.Project;

/// <summary>Where the files of a project are, besides strata.yml and profiles.yml.</summary>
/// <param name="Folders">The configured folders of models, tests, macros, seeds and snapshots, relative to the project.</param>
/// <param name="Included">Files that templates include, relative to the project, wherever they are.</param>
public sealed record ProjectSources(ImmutableArray<string> Folders, ImmutableArray<string> Included)
{
    /// <summary>The files below one folder of a project, relative to that folder, sorted. Hidden ones are none of it.</summary>
    public static IReadOnlyList<string> List(string projectFolder, string root)
    {
        var absolute = Path.Combine(projectFolder, root);
        if (!Directory.Exists(absolute))
            return [];
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(absolute, "*", options))
            found.Add(Path.GetRelativePath(absolute, file).Replace(Path.DirectorySeparatorChar, '/'));
        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
