using Npgsql;

namespace Strata.Crash;

/// <summary>A copy of the project with a DuckDB file and a Postgres database of its own.</summary>
internal sealed class CrashProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresDatabase _database = new();
    private readonly OwnCluster? _cluster;
    private int _landed;

    /// <param name="cluster">Where its Postgres tables are; null for a database on the server of all tests.</param>
    public CrashProject(OwnCluster? cluster = null)
    {
        _cluster = cluster;
        foreach (var (path, text) in CrashFiles.All)
            _folder.Write(path, text);
        Land();
    }

    public string Folder => _folder.Path;

    public PostgresDatabase Database => _database;

    public void Land()
    {
        _landed++;
        var file = _folder.Write($"landing/{_landed}.jsonl", CrashFiles.Lines(_landed));
        // when a file was landed is part of the bookkeeping that is compared
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, _landed, 0, DateTimeKind.Utc));
    }

    public StrataProcess Start(string? failpoint, params string[] words)
    {
        var environment = new Dictionary<string, string>(_cluster?.Settings ?? _database.Environment);
        if (failpoint is not null)
            environment["STRATA_FAILPOINT"] = failpoint;
        return new StrataProcess(_folder.Path, environment, words);
    }

    /// <summary>Runs <c>strata build</c>; with a failpoint it may not come to its end.</summary>
    public async Task<(int ExitCode, string Output)> BuildAsync(string? failpoint = null)
    {
        using var process = Start(failpoint, "build");
        return await process.EndAsync();
    }

    public async Task BuildWellAsync()
    {
        var (exitCode, output) = await BuildAsync();
        exitCode.ShouldBe(0, output);
    }

    /// <summary>Starts a build that stands still at a failpoint until <see cref="Resume"/>.</summary>
    public async Task<StrataProcess> PauseAsync(string failpoint, int hit = 1)
    {
        var process = Start($"{failpoint}:pause={PauseFile}@{hit}", "build");
        for (var i = 0; i < 6000 && !File.Exists(PauseFile) && !process.HasExited; i++)
            await Task.Delay(20);
        File.Exists(PauseFile).ShouldBeTrue($"the build did not come to {failpoint}");
        return process;
    }

    public void Resume() => File.Delete(PauseFile);

    public string Dump() => ProjectDump.Read(_folder.Combine("lake.duckdb"), OpenPostgres);

    private NpgsqlConnection OpenPostgres() => _cluster?.Open() ?? _database.Open();

    /// <returns>The one number that a statement on Postgres gives; 0 for none.</returns>
    public long Execute(string sql)
    {
        using var connection = OpenPostgres();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar() ?? 0L);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private string PauseFile => _folder.Combine("paused");
}
