using Npgsql;

namespace Strata.Testing;

/// <summary>
/// The Postgres server of this test run: the one that STRATA_PG_HOST and its friends name (`make test` starts one for all test
/// projects), else a private cluster that scripts/postgres.sh starts for this process and removes when the process has gone.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lazy<PostgresServer> Instance = new(Obtain);
    private static readonly Lazy<string?> Reason = new(FindSkipReason);

    private PostgresServer(IReadOnlyDictionary<string, string> settings)
    {
        Host = settings["STRATA_PG_HOST"];
        Port = int.Parse(settings.GetValueOrDefault("STRATA_PG_PORT", "5432"));
        User = settings.GetValueOrDefault("STRATA_PG_USER", "postgres");
        Password = settings.GetValueOrDefault("STRATA_PG_PASSWORD", "");
        Database = settings.GetValueOrDefault("STRATA_PG_DATABASE", "postgres");
    }

    /// <summary>Why tests that need Postgres are skipped; null where a server is given or can be started.</summary>
    public static string? SkipReason => Reason.Value;

    /// <summary>The server, started at the first use.</summary>
    public static PostgresServer Current => Instance.Value;

    public string Host { get; }
    public int Port { get; }
    public string User { get; }
    public string Password { get; }

    /// <summary>A database that exists, to connect to for creating others.</summary>
    public string Database { get; }

    /// <summary>The environment variables that lead a child process to this server and the given database.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentFor(string database) =>
        new Dictionary<string, string>
        {
            ["STRATA_PG_HOST"] = Host,
            ["STRATA_PG_PORT"] = Port.ToString(),
            ["STRATA_PG_USER"] = User,
            ["STRATA_PG_PASSWORD"] = Password,
            ["STRATA_PG_DATABASE"] = database,
        };

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Username = User,
            Password = Password,
            Database = database,
            // An idle pooled connection would keep a test's database from being dropped.
            Pooling = false,
            Timeout = 15,
            IncludeErrorDetail = true,
        }.ConnectionString;

    private static PostgresServer Obtain()
    {
        if (Environment.GetEnvironmentVariable("STRATA_PG_HOST") is { Length: > 0 })
        {
            var given = new Dictionary<string, string>();
            foreach (var name in PostgresScript.VariableNames)
            {
                if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                    given[name] = value;
            }
            return new PostgresServer(given);
        }
        return new PostgresServer(PostgresScript.StartForThisProcess());
    }

    private static string? FindSkipReason()
    {
        if (Environment.GetEnvironmentVariable("STRATA_PG_HOST") is { Length: > 0 })
            return null;
        return PostgresScript.IsServerInstalled()
            ? null
            : "PostgreSQL is not installed; run 'scripts/postgres.sh start' to see how, or set STRATA_PG_HOST";
    }
}
