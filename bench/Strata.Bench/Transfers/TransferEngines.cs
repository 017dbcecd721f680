using System.Collections.Immutable;
using Strata.Adapters.DuckDb;
using Strata.Adapters.Postgres;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Testing;

namespace Strata.Bench.Transfers;

/// <summary>A DuckDB file and a Postgres database of the benchmark's own, gone at the end.</summary>
internal sealed class TransferEngines : IAsyncDisposable
{
    public const string MemoryLimit = "256MB";

    private readonly TemporaryFolder _folder = new();
    private readonly PostgresDatabase _database = new();

    public TransferEngines()
    {
        var server = _database.Server;
        DuckDb = OrFail(
            DuckDbAdapter.Create(
                Config(EngineType.DuckDb, ("path", "bench.duckdb"), ("memory_limit", MemoryLimit)),
                _folder.Path,
                Diagnostics
            )
        );
        Postgres = OrFail(
            PostgresAdapter.Create(
                Config(
                    EngineType.Postgres,
                    ("host", server.Host),
                    ("port", server.Port.ToString()),
                    ("user", server.User),
                    ("password", server.Password),
                    ("database", _database.Name)
                ),
                Diagnostics
            )
        );
    }

    public IAdapter DuckDb { get; }

    public IAdapter Postgres { get; }

    public string ConnectionString => _database.ConnectionString;

    public string CopyFile => _folder.Combine("rows.pgcopy");

    public string ParquetFile => _folder.Combine("rows.parquet");

    private DiagnosticBag Diagnostics { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await DuckDb.DisposeAsync();
        await Postgres.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }

    private static ConnectionConfig Config(EngineType engine, params (string Key, string Value)[] options) =>
        new(
            engine.ToString(),
            engine,
            options.ToImmutableSortedDictionary(option => option.Key, option => option.Value),
            [],
            new SourceText("profiles.yml", "bench").Span(0, 5)
        );

    private IAdapter OrFail(IAdapter? adapter) =>
        adapter ?? throw new InvalidOperationException(Diagnostics.ToSorted()[0].Message);
}
