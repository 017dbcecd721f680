using Npgsql;

namespace Strata.Testing;

/// <summary>
/// A database of one test class's own: use it as IClassFixture&lt;PostgresDatabase&gt;. It is created at the first use and dropped at the
/// end, with whatever connections are still open to it.
/// </summary>
public sealed class PostgresDatabase : IDisposable
{
    private readonly Lazy<string> _name;

    public PostgresDatabase() => _name = new(() => Create(null));

    private PostgresDatabase(string template) => _name = new(() => Create(template));

    /// <summary>Another one, with all that is in this one now. Nobody may be connected to this one.</summary>
    public PostgresDatabase Copy() => new(Name);

    public PostgresServer Server => PostgresServer.Current;

    public string Name => _name.Value;

    public string ConnectionString => Server.ConnectionString(Name);

    /// <summary>The STRATA_PG_* variables that lead a child process here.</summary>
    public IReadOnlyDictionary<string, string> Environment => Server.EnvironmentFor(Name);

    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        if (_name.IsValueCreated)
            Execute($"""drop database if exists "{Name}" with (force)""");
    }

    private static string Create(string? template)
    {
        var name = $"strata_test_{Guid.NewGuid():N}";
        Execute($"""create database "{name}" """ + (template is null ? "" : $"""template "{template}" """));
        return name;
    }

    private static void Execute(string sql)
    {
        var server = PostgresServer.Current;
        using var connection = new NpgsqlConnection(server.ConnectionString(server.Database));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
