using System.Collections.Immutable;
using System.Globalization;
using Strata.Adapters.DuckDb;
using Strata.Adapters.Postgres;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Runner.Tests.Support;

/// <summary>A project folder with a DuckDB file (connection <c>duck</c>) and, if asked for, a Postgres database (<c>pg</c>).</summary>
public sealed class Workbench : IAsyncDisposable, IRunObserver
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, IAdapter> _adapters = [];
    private readonly PostgresDatabase? _postgres;
    private readonly int _threads;
    private int _runs;

    /// <param name="threads">Of DuckDB. With a few rows, waiting for a second one costs more than it does.</param>
    public Workbench(PostgresDatabase? postgres = null, int threads = 1)
    {
        _postgres = postgres;
        _threads = threads;
        Open();
    }

    public string Folder => _folder.Path;

    public List<RunEvent> Events { get; } = [];

    public IReadOnlyDictionary<string, IAdapter> Adapters => _adapters;

    /// <summary>A builder that knows the workbench's connections.</summary>
    public ManifestBuilder Project()
    {
        var builder = new ManifestBuilder().Connection("duck", EngineType.DuckDb);
        return _postgres is null ? builder : builder.Connection("pg", EngineType.Postgres);
    }

    public Task<RunResult> BuildAsync(ManifestBuilder project, Func<RunRequest, RunRequest>? change = null) =>
        RunAsync(project, RunCommand.Build, change);

    public async Task<RunResult> RunAsync(
        ManifestBuilder project,
        RunCommand command,
        Func<RunRequest, RunRequest>? change = null,
        CancellationToken cancellationToken = default
    )
    {
        Events.Clear();
        return await ProjectRunner.RunAsync(Request(project, command, change), this, cancellationToken);
    }

    public async Task<RunPlan> PlanAsync(ManifestBuilder project, Func<RunRequest, RunRequest>? change = null)
    {
        var result = await ProjectRunner.PlanAsync(
            Request(project, RunCommand.Build, change),
            CancellationToken.None
        );
        return result.Plan ?? throw new InvalidOperationException(Text(result.Diagnostics));
    }

    /// <summary>The rows of a query as lines, values separated by <c>|</c>, in the query's order.</summary>
    public async Task<string[]> QueryAsync(string sql, string connection = "duck")
    {
        await using var session = await _adapters[connection].OpenSessionAsync(CancellationToken.None);
        var rows = await session.QueryAsync(sql, int.MaxValue, CancellationToken.None);
        return
        [
            .. rows.Rows.Select(row =>
                string.Join(
                    "|",
                    row.Select(v => v is null ? "null" : Convert.ToString(v, CultureInfo.InvariantCulture))
                )
            ),
        ];
    }

    public async Task ExecuteAsync(string sql, string connection = "duck")
    {
        await using var session = await _adapters[connection].OpenSessionAsync(CancellationToken.None);
        await session.ExecuteAsync(sql, CancellationToken.None);
    }

    /// <summary>Makes the state of a connection one that an earlier version would have left.</summary>
    public async Task DowngradeStateAsync(string connection, long version)
    {
        (long Before, string Sql)[] later =
        [
            (10, "alter table _strata.nodes drop column row_key"),
            (10, "drop table _strata.landed_columns"),
            (9, "alter table _strata.kept drop column before_schema"),
            (9, "alter table _strata.kept drop column before_relation"),
            (8, "alter table _strata.ledger drop column batches"),
            (7, "alter table _strata.kept drop column before_materialized"),
            (6, "drop table _strata.failures"),
            .. new[] { "schema_name", "relation_name", "materialized" }.Select(fact =>
                (6L, $"alter table _strata.nodes drop column {fact}")
            ),
            (5, "alter table _strata.kept drop column identity"),
            .. new[] { "applied", "without_effect", "late_dropped", "taken_back" }.Select(count =>
                (5L, $"alter table _strata.ledger drop column events_{count}")
            ),
            (4, "drop table _strata.kept_parts"),
            (4, "drop table _strata.kept_batches"),
        ];
        foreach (var (before, sql) in later)
        {
            if (version < before)
                await ExecuteAsync(sql, connection);
        }
        await ExecuteAsync($"update _strata.version set version = {version}", connection);
    }

    /// <summary>Everything that a run leaves behind under temporary names; empty unless something is wrong.</summary>
    public async Task<string[]> LeftOversAsync(string connection = "duck") =>
        await QueryAsync(
            "select table_schema || '.' || table_name from information_schema.tables "
                + "where table_schema like 'strata!_2%' escape '!' or table_name like '%!_!_strata!_2%' escape '!'",
            connection
        );

    public string Write(string relative, string text) => _folder.Write(relative, text);

    /// <summary>Closes and opens all connections, as another process would find them.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    /// <summary>Nothing is open until <see cref="ReopenAsync"/>.</summary>
    public async Task CloseAsync()
    {
        foreach (var adapter in _adapters.Values)
            await adapter.DisposeAsync();
        _adapters.Clear();
    }

    /// <summary>Called with each event, on the thread that raises it.</summary>
    public Action<RunEvent>? Observe { get; set; }

    public void OnEvent(RunEvent runEvent)
    {
        Events.Add(runEvent);
        Observe?.Invoke(runEvent);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var adapter in _adapters.Values)
            await adapter.DisposeAsync();
        _folder.Dispose();
    }

    public static string Text(IEnumerable<Diagnostic> diagnostics) =>
        string.Concat(diagnostics.Select(DiagnosticRenderer.Render));

    /// <summary>All that a run has to say, for assertions.</summary>
    public static string Text(RunResult result) =>
        Text([
            .. result.Diagnostics,
            .. result.Nodes.SelectMany(node =>
                node.Diagnostics.Concat(node.Tests.SelectMany(test => test.Diagnostics))
            ),
        ]);

    public RunRequest Request(
        ManifestBuilder project,
        RunCommand command,
        Func<RunRequest, RunRequest>? change
    )
    {
        var manifest = project.Build(Folder);
        var request = new RunRequest
        {
            Manifest = manifest,
            Selected = [.. manifest.Nodes.Keys],
            Command = command,
            Adapters = _adapters,
            // one second apart, so that run ids sort
            StartedAt = new DateTimeOffset(2026, 11, 21, 1, 45, 0, TimeSpan.Zero).AddSeconds(++_runs),
            Clock = TimeProvider.System,
        };
        return change?.Invoke(request) ?? request;
    }

    private void Open()
    {
        var diagnostics = new DiagnosticBag();
        _adapters["duck"] =
            DuckDbAdapter.Create(
                Config(
                    "duck",
                    EngineType.DuckDb,
                    ("path", "lake.duckdb"),
                    ("threads", $"{_threads}"),
                    ("block_size", "16KB")
                ),
                Folder,
                diagnostics
            ) ?? throw new InvalidOperationException(Text(diagnostics.ToSorted()));
        if (_postgres is null)
            return;
        var server = _postgres.Server;
        var config = Config(
            "pg",
            EngineType.Postgres,
            ("host", server.Host),
            ("port", server.Port.ToString(CultureInfo.InvariantCulture)),
            ("user", server.User),
            ("password", server.Password),
            ("database", _postgres.Name)
        );
        _adapters["pg"] =
            PostgresAdapter.Create(config, diagnostics)
            ?? throw new InvalidOperationException(Text(diagnostics.ToSorted()));
    }

    private static ConnectionConfig Config(
        string name,
        EngineType engine,
        params (string Key, string Value)[] options
    )
    {
        var file = new SourceText("profiles.yml", $"{name}:\n");
        return new ConnectionConfig(
            name,
            engine,
            options.Where(o => o.Value.Length > 0).ToImmutableSortedDictionary(o => o.Key, o => o.Value),
            [],
            file.Span(0, name.Length)
        );
    }
}
