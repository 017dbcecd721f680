using Npgsql;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Postgres;

/// <summary>A Postgres connection of profiles.yml.</summary>
/// <param name="ConnectionString">For Npgsql; holds the password, so it is never shown.</param>
internal sealed record Options(
    string Host,
    int Port,
    string Database,
    int MaxConcurrency,
    string ConnectionString
)
{
    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    public string Address => $"{Host}:{Port}";

    public static Options? Read(ConnectionConfig config, DiagnosticBag diagnostics)
    {
        var reader = new ConnectionOptionReader(config, "postgres", diagnostics);
        var database = reader.Text("database") ?? reader.Text("dbname");
        var host = reader.Text("host", "localhost");
        var port = reader.Integer("port", 5432, 1, 65_535);
        var concurrency = reader.Integer("max_concurrency", 4, 1, 256);
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = port,
            Username = reader.Required("user", "the name to log in with"),
            Password = reader.Text("password"),
            Database = database ?? reader.Required("database", "the name of the database"),
            SslMode = reader.OneOf("sslmode", SslModes, SslMode.Prefer),
            RootCertificate = reader.Text("sslrootcert"),
            SearchPath = reader.Text("search_path"),
            ApplicationName = reader.Text("application_name", "strata"),
            Timeout = reader.Integer("connect_timeout", 10, 1, 1024),
            KeepAlive = reader.Integer("keepalive", 30, 0),
            // values are read as text: whatever a role or a database prefers
            Timezone = "UTC",
            Options =
                "-c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1 -c bytea_output=hex",
            // a model may run for hours; cancellation is the caller's
            CommandTimeout = 0,
            // beyond the sessions that run models: transfers, locks, state
            MaxPoolSize = concurrency * 4 + 8,
            IncludeErrorDetail = true,
        };
        return reader.Finish()
            ? new Options(host, port, text.Database, concurrency, text.ConnectionString)
            : null;
    }
}
