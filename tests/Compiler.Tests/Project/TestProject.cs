using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project;
using Strata.Testing;

namespace Strata.Compiler.Tests.Project;

/// <summary>A project whose files are written for one test.</summary>
internal sealed class TestProject : IDisposable
{
    public const string StrataYml = """
        name: shop
        layers:
          bronze: { engine: duckdb, schema: bronze }
          gold: { engine: postgres, schema: gold, publish: run }
        """;

    public const string ProfilesYml = """
        default: dev
        targets:
          dev:
            duckdb: { type: duckdb, path: shop.duckdb }
            postgres: { type: postgres, host: localhost, user: shop }
          local:
            duckdb: { type: duckdb, path: local.duckdb }
            postgres: duckdb
        """;

    private readonly TemporaryFolder _folder = new();

    /// <param name="files">Pairs of path and text; strata.yml and profiles.yml are there unless given.</param>
    public TestProject(params ReadOnlySpan<(string Path, string Text)> files)
    {
        Write("strata.yml", StrataYml);
        Write("profiles.yml", ProfilesYml);
        foreach (var (path, text) in files)
            Write(path, text);
    }

    public string Folder => _folder.Path;

    public string? Target { get; init; }

    public int Threads { get; init; } = 1;

    public DateTimeOffset RunStartedAt { get; init; } = new(2026, 11, 20, 8, 30, 0, TimeSpan.Zero);

    public ImmutableSortedDictionary<string, object?> Vars { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public Dictionary<string, string> Environment { get; init; } = [];

    public void Write(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public CompileResult Compile() =>
        ProjectCompiler.Compile(
            new CompileRequest
            {
                ProjectFolder = Folder,
                TargetName = Target,
                Vars = Vars,
                Environment = Environment,
                RunStartedAt = RunStartedAt,
                Threads = Threads,
                Tests = new SomeTests(),
            }
        );

    /// <summary>The manifest of a project that must compile.</summary>
    public ProjectManifest Manifest()
    {
        var result = Compile();
        if (result.Manifest is null)
            throw new InvalidOperationException(Render(result.Diagnostics));
        return result.Manifest;
    }

    /// <summary>All messages as the user sees them.</summary>
    public string Messages() => Render(Compile().Diagnostics);

    public ModelNode Model(string name) =>
        Manifest().Find<ModelNode>($"model.shop.{name}")
        ?? throw new InvalidOperationException($"there is no model '{name}'");

    public void Dispose() => _folder.Dispose();

    private static string Render(IEnumerable<Diagnostic> diagnostics) =>
        string.Join('\n', diagnostics.Select(DiagnosticRenderer.Render));

    /// <summary>The names of dbt's four tests; what they take is the business of the test engine.</summary>
    private sealed class SomeTests : ITestCatalog
    {
        public IEnumerable<string> Names => ["not_null", "unique", "accepted_values", "relationships"];

        public bool IsKnown(string name) => Names.Contains(name);

        public bool IsTuning(string name, string argument) => false;

        public IEnumerable<Diagnostic> ValidateArguments(TestNode test) => [];
    }
}
