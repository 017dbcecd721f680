using System.Diagnostics;
using Npgsql;

namespace Strata.Crash;

/// <summary>A Postgres that may be stopped without warning, since nobody else uses it.</summary>
internal sealed class OwnCluster : IDisposable
{
    private readonly TemporaryFolder _home = new();

    private readonly string _options;

    /// <param name="options">More options for the server.</param>
    public OwnCluster(string options = "")
    {
        _options = options;
        Start();
    }

    public IReadOnlyDictionary<string, string> Settings { get; private set; } =
        new Dictionary<string, string>();

    /// <summary>Starts it, or starts it again: on another port, maybe, with what was committed.</summary>
    public void Start()
    {
        Script("start");
        Settings = Script("env")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
    }

    /// <summary>The server's processes end at once, as if the machine had lost power (immediate shutdown).</summary>
    public void StopImmediately()
    {
        var data = File.ReadAllText(Path.Combine(_home.Path, "data-folder")).Trim();
        var pidFile = Path.Combine(data, "postmaster.pid");
        Run("kill", "-QUIT", File.ReadLines(pidFile).First().Trim());
        var patience = Stopwatch.StartNew();
        while (File.Exists(pidFile))
        {
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
            Thread.Sleep(20);
        }
    }

    /// <summary>Its database is made anew, empty.</summary>
    /// <param name="tablespace">Where its files lie; null for the folder of the server.</param>
    public void DropTables(string? tablespace = null)
    {
        using var connection = Open("postgres");
        foreach (
            var sql in new[]
            {
                $"drop database {Settings["STRATA_PG_DATABASE"]} with (force)",
                $"create database {Settings["STRATA_PG_DATABASE"]}"
                    + (tablespace is null ? "" : $" tablespace {tablespace}"),
            }
        )
        {
            using var command = new NpgsqlCommand(sql, connection);
            command.ExecuteNonQuery();
        }
    }

    public NpgsqlConnection Open() => Open(Settings["STRATA_PG_DATABASE"]);

    public NpgsqlConnection Open(string database)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = Settings["STRATA_PG_HOST"],
                Port = int.Parse(Settings["STRATA_PG_PORT"]),
                Username = Settings["STRATA_PG_USER"],
                Password = Settings["STRATA_PG_PASSWORD"],
                Database = database,
                Pooling = false,
            }.ConnectionString
        );
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        Script("remove");
        Directory.CreateDirectory(_home.Path);
        _home.Dispose();
    }

    private string Script(string command) =>
        Run("bash", RepositoryRoot.Combine("scripts", "postgres.sh"), command);

    private string Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("STRATA_PG_")).ToList())
            start.Environment.Remove(name);
        start.Environment["STRATA_PG_HOME"] = _home.Path;
        start.Environment["STRATA_PG_OWNER"] = Environment.ProcessId.ToString();
        start.Environment["STRATA_PG_OPTIONS"] = _options;
        using var process =
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', words)}");
        return output;
    }
}
