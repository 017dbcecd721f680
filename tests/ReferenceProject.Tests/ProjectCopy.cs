using Strata.Simulators.Events;

namespace Strata.ReferenceProject.Tests;

/// <summary>The reference project in a folder of a test's own, with a landing zone and databases of its own.</summary>
internal sealed class ProjectCopy : IDisposable
{
    private static readonly string[] Parts = ["models", "snapshots", "macros", "seeds", "tests"];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;

    /// <param name="environment">Where Postgres is; empty for tests that only use the target 'local'.</param>
    public ProjectCopy(IReadOnlyDictionary<string, string>? environment = null)
    {
        _environment = environment is null ? [] : new(environment);
        foreach (var part in Parts)
            CopyFolder(RepositoryRoot.Combine("project", part), part);
        foreach (var file in (string[])["strata.yml", "profiles.yml"])
            File.Copy(RepositoryRoot.Combine("project", file), _folder.Combine(file));
    }

    public string Path => _folder.Path;

    public string LandingZone => _folder.Combine("landing", "events");

    public IReadOnlyDictionary<string, string> Environment => _environment;

    public LandingReport Land(SimulatorOptions options) =>
        new Simulation(options with { Out = LandingZone }).Run(CancellationToken.None);

    public void Write(string relative, string text) => _folder.Write(relative, text);

    public Task<ProcessOutcome> RunAsync(params string[] arguments) =>
        StrataProcess.RunAsync(Path, _environment, arguments);

    public Task<bool> RunAndKillAsync(TimeSpan after, params string[] arguments) =>
        StrataProcess.RunAndKillAsync(Path, _environment, after, arguments);

    public void Dispose() => _folder.Dispose();

    private void CopyFolder(string source, string relative)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = _folder.Combine(relative, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
