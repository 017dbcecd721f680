using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Entries;

namespace Strata.Compiler.Project;

/// <summary>The paths of a project's files by kind, relative to the project, sorted.</summary>
internal sealed record ProjectFiles
{
    private const string FixtureFolder = "fixtures";

    public ImmutableArray<ProjectPath> Models { get; private init; } = [];

    public ImmutableArray<ProjectPath> Snapshots { get; private init; } = [];

    public ImmutableArray<ProjectPath> SingularTests { get; private init; } = [];

    public ImmutableArray<ProjectPath> GenericTests { get; private init; } = [];

    /// <summary>Rows of unit tests: csv and sql in a folder <c>fixtures</c> among the tests.</summary>
    public ImmutableArray<ProjectPath> Fixtures { get; private init; } = [];

    public ImmutableArray<ProjectPath> Macros { get; private init; } = [];

    public ImmutableArray<ProjectPath> Seeds { get; private init; } = [];

    public ImmutableArray<ProjectPath> Properties { get; private init; } = [];

    public static ProjectFiles Discover(string folder, ProjectPaths paths)
    {
        var models = List(folder, paths.Models);
        var tests = List(folder, paths.Tests);
        var fixtures = List(folder, [.. paths.Tests.Select(root => $"{root.TrimEnd('/')}/{FixtureFolder}")]);
        var fixturePaths = fixtures.Select(path => path.Path).ToHashSet(StringComparer.Ordinal);
        tests.RemoveAll(path => fixturePaths.Contains(path.Path));
        var generic = List(folder, paths.GenericTests);
        var macros = List(folder, paths.Macros);
        var seeds = List(folder, paths.Seeds);
        var snapshots = List(folder, paths.Snapshots);
        var genericPaths = generic.Select(path => path.Path).ToHashSet(StringComparer.Ordinal);
        return new ProjectFiles
        {
            Models = With(models, ".sql"),
            Snapshots = With(snapshots, ".sql"),
            SingularTests = With(tests.Where(path => !genericPaths.Contains(path.Path)), ".sql"),
            GenericTests = With(generic, ".sql"),
            Fixtures = [.. fixtures.Where(path => path.Extension is ".csv" or ".sql")],
            Macros = With(macros, ".sql"),
            Seeds = With(seeds, ".csv"),
            Properties =
            [
                .. models
                    .Concat(seeds)
                    .Concat(tests)
                    .Concat(macros)
                    .Concat(snapshots)
                    .Where(path => path.Extension is ".yml" or ".yaml")
                    .DistinctBy(path => path.Path, StringComparer.Ordinal),
            ],
        };
    }

    private static List<ProjectPath> List(string folder, ImmutableArray<string> roots)
    {
        var found = new List<ProjectPath>();
        foreach (var root in roots)
        {
            foreach (var below in ProjectSources.List(folder, root))
                found.Add(new ProjectPath(root.Trim('/'), below));
        }
        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    private static ImmutableArray<ProjectPath> With(IEnumerable<ProjectPath> paths, string extension) =>
        [.. paths.Where(path => path.Extension == extension)];
}
