using System.Collections.Immutable;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>The folders of a project, relative to it, with '/' separators.</summary>
internal sealed record ProjectPaths
{
    public ImmutableArray<string> Models { get; init; } = ["models"];

    public ImmutableArray<string> Tests { get; init; } = ["tests"];

    public ImmutableArray<string> GenericTests { get; init; } = ["tests/generic"];

    public ImmutableArray<string> Macros { get; init; } = ["macros"];

    public ImmutableArray<string> Seeds { get; init; } = ["seeds"];

    public ImmutableArray<string> Snapshots { get; init; } = ["snapshots"];

    /// <summary>All folders that hold files of the project.</summary>
    public ImmutableArray<string> Sources =>
        [.. Models, .. Tests, .. GenericTests, .. Macros, .. Seeds, .. Snapshots];

    public string Target { get; init; } = "target";
}
