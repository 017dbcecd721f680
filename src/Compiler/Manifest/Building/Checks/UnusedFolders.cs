using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Entries;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>Finds configuration by folder that applies to nothing: a folder that is not there, a misspelt name.</summary>
internal static class UnusedFolders
{
    /// <param name="kind">The key of strata.yml.</param>
    /// <param name="paths">The folders of every node of the kind, its own name included.</param>
    public static void Report(
        FolderDefaults defaults,
        string kind,
        string project,
        IEnumerable<ImmutableArray<string>> paths,
        DiagnosticBag diagnostics
    )
    {
        if (defaults.Folders.IsEmpty)
            return;
        var known = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var above = "";
            foreach (var name in path)
            {
                if (!known.TryGetValue(above, out var children))
                    known[above] = children = new SortedSet<string>(StringComparer.Ordinal);
                children.Add(name);
                above = $"{above}/{name}";
            }
        }
        Report(defaults, "");

        void Report(FolderDefaults folder, string at)
        {
            var children = known.GetValueOrDefault(at) ?? [];
            foreach (var (name, below) in folder.Folders)
            {
                if (children.Contains(name))
                    Report(below, $"{at}/{name}");
                // the project's name may stand above the folders
                else if (at.Length == 0 && name == project)
                    Report(below, "");
                else
                    diagnostics.Add(
                        ProjectDiagnostics.ConfiguresNothing(below.NameSpan, kind, name, children)
                    );
            }
        }
    }
}
