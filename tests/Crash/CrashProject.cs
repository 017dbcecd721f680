using DuckDB.NET.Data;
using Npgsql;

namespace Strata.Crash;

/// <summary>A copy of the project with a DuckDB file and, unless it has no need of one, a Postgres database of its own.</summary>
internal sealed class CrashProject : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly PostgresDatabase? _database;
    private readonly OwnCluster? _cluster;
    private string _duckDbFile = "lake.duckdb";
    private int _landed;

    private CrashProject(TemporaryFolder folder, PostgresDatabase? database, OwnCluster? cluster, int landed)
    {
        _folder = folder;
        _database = database;
        _cluster = cluster;
        _landed = landed;
    }

    /// <summary>Never built, with its first file landed.</summary>
    public static CrashProject New() => Written(CrashFiles.All, new PostgresDatabase(), null);

    /// <param name="cluster">Where its Postgres tables are.</param>
    public static CrashProject On(OwnCluster cluster) => Written(CrashFiles.All, null, cluster);

    /// <summary>All layers in the DuckDB file.</summary>
    public static CrashProject InDuckDb() => Written(CrashFiles.InDuckDb, null, null);

    private static CrashProject Written(
        IReadOnlyDictionary<string, string> files,
        PostgresDatabase? database,
        OwnCluster? cluster
    )
    {
        var folder = new TemporaryFolder();
        foreach (var (path, text) in files)
            folder.Write(path, text);
        var project = new CrashProject(folder, database, cluster, 0);
        project.Land();
        return project;
    }

    /// <summary>How many files there are to take in.</summary>
    public int Landed => _landed;

    public string Folder => _folder.Path;

    public string DuckDbFile => _folder.Combine(_duckDbFile);

    /// <summary>Another one, with files and databases as they are here now.</summary>
    public CrashProject Copy()
    {
        var folder = new TemporaryFolder();
        folder.CopyFrom(Folder);
        return new CrashProject(folder, _database?.Copy(), null, _landed);
    }

    public void Land() => Land(CrashFiles.Lines(_landed + 1));

    public void Land(string lines)
    {
        _landed++;
        var file = _folder.Write($"landing/{_landed}.jsonl", lines);
        // when a file was landed is part of the bookkeeping that is compared
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, _landed, 0, DateTimeKind.Utc));
    }

    /// <summary>Puts the DuckDB file into another folder.</summary>
    public void MoveDuckDbTo(string folder)
    {
        var file = Path.Combine(folder, "lake.duckdb");
        File.Move(DuckDbFile, file);
        _folder.Write(
            "profiles.yml",
            _folder.Read("profiles.yml").Replace("path: lake.duckdb", $"path: '{file}'")
        );
        _duckDbFile = file;
    }

    public string Write(string file, string text) => _folder.Write(file, text);

    public StrataProcess Start(string? failpoint, params string[] words)
    {
        var environment = new Dictionary<string, string>(
            _cluster?.Settings ?? _database?.Environment ?? CrashFiles.NoPostgres
        )
        {
            // what a process leaves there is compared, too; the runtime's own sockets are no concern of ours
            ["TMPDIR"] = Directory.CreateDirectory(_folder.Combine("tmp")).FullName,
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        if (failpoint is not null)
            environment["STRATA_FAILPOINT"] = failpoint;
        return new StrataProcess(Folder, environment, words);
    }

    /// <summary>Runs <c>strata</c>; with a failpoint it may not come to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string? failpoint, params string[] words)
    {
        using var process = Start(failpoint, words);
        var (exitCode, output) = await process.EndAsync();
        output.ShouldNotContain("ST9001", Case.Sensitive, failpoint);
        return (exitCode, output);
    }

    public Task<(int ExitCode, string Output)> BuildAsync(string? failpoint = null) =>
        RunAsync(failpoint, "build");

    /// <summary>Runs it to a good end, at which nothing temporary is left.</summary>
    public async Task<string> RunWellAsync(params string[] words)
    {
        var (exitCode, output) = await RunAsync(null, words);
        exitCode.ShouldBe(0, output);
        output.ShouldNotContain("ST7017", Case.Sensitive, "stages are left");
        return output;
    }

    public Task BuildWellAsync() => RunWellAsync("build");

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

    /// <summary>All that there is: files, and what both engines hold.</summary>
    public string Dump() =>
        ProjectDump.Read(Folder, DuckDbFile, _cluster is null && _database is null ? null : OpenPostgres);

    public NpgsqlConnection OpenPostgres() =>
        _cluster?.Open()
        ?? _database?.Open()
        ?? throw new InvalidOperationException("it has no Postgres database");

    public DuckDBConnection OpenDuckDb(bool readOnly = true)
    {
        var connection = new DuckDBConnection(
            $"Data Source={DuckDbFile}" + (readOnly ? ";ACCESS_MODE=READ_ONLY" : "")
        );
        connection.Open();
        return connection;
    }

    /// <returns>The one number that a statement on Postgres gives; 0 for none.</returns>
    public long Execute(string sql)
    {
        using var connection = OpenPostgres();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar() ?? 0L);
    }

    public void Dispose()
    {
        _database?.Dispose();
        _folder.Dispose();
    }

    private string PauseFile => _folder.Combine("paused");
}
