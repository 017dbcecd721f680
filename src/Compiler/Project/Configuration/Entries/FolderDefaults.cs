using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>
/// Configuration by folder, as <c>models:</c>, <c>seeds:</c>, <c>tests:</c> and <c>sources:</c> of strata.yml
/// give it: the deeper folder wins.
/// </summary>
internal sealed record FolderDefaults(
    ConfigSet Config,
    ImmutableSortedDictionary<string, FolderDefaults> Folders,
    SourceSpan Span
)
{
    public static readonly FolderDefaults Empty = new(
        ConfigSet.Empty,
        ImmutableSortedDictionary<string, FolderDefaults>.Empty,
        default
    );

    /// <summary>Where its name is written; nothing for the root.</summary>
    public SourceSpan NameSpan { get; init; }

    /// <summary>The merged configuration for a path below the root, the node's own name included.</summary>
    /// <param name="project">The project's name may stand above the folders, as dbt writes it, and may be left out.</param>
    public ConfigSet Resolve(string project, ReadOnlySpan<string> path)
    {
        var own = Resolve(path);
        return Folders.TryGetValue(project, out var named) ? named.Resolve(path).Over(own) : own;
    }

    private ConfigSet Resolve(ReadOnlySpan<string> path)
    {
        var config = Config;
        var folder = this;
        foreach (var name in path)
        {
            if (!folder.Folders.TryGetValue(name, out var next))
                break;
            folder = next;
            config = folder.Config.Over(config);
        }
        return config;
    }
}
