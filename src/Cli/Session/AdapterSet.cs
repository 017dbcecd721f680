using System.Collections.Immutable;
using Strata.Adapters.DuckDb;
using Strata.Adapters.Postgres;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Cli.Session;

/// <summary>The adapters of a target's connections. Making one opens nothing; the first session does.</summary>
public sealed class AdapterSet : IAsyncDisposable
{
    private readonly StatementLogFile? _log;

    private AdapterSet(ImmutableSortedDictionary<string, IAdapter> adapters, StatementLogFile? log = null)
    {
        Adapters = adapters;
        _log = log;
    }

    public ImmutableSortedDictionary<string, IAdapter> Adapters { get; }

    /// <summary>The same adapters, whose statements go to a log. It is closed after them.</summary>
    internal AdapterSet LoggedTo(StatementLogFile log) =>
        new(
            Adapters.ToImmutableSortedDictionary(
                one => one.Key,
                one => log.Watch(one.Value),
                Adapters.KeyComparer
            ),
            log
        );

    /// <returns>Null when a connection's options are not in order; the diagnostics then say why.</returns>
    public static AdapterSet? Create(
        IEnumerable<ConnectionConfig> connections,
        string projectFolder,
        DiagnosticBag diagnostics
    )
    {
        var adapters = ImmutableSortedDictionary.CreateBuilder<string, IAdapter>(StringComparer.Ordinal);
        var isComplete = true;
        foreach (var connection in connections)
        {
            if (Create(connection, projectFolder, diagnostics) is { } adapter)
                adapters.Add(connection.Name, adapter);
            else
                isComplete = false;
        }
        return isComplete ? new AdapterSet(adapters.ToImmutable()) : null;
    }

    /// <summary>An engine inside this process, with nothing in it and nothing kept of it.</summary>
    public IAdapter OpenEmbedded() => _log?.Watch(CreateEmbedded()) ?? CreateEmbedded();

    private static DuckDbAdapter CreateEmbedded()
    {
        var config = new ConnectionConfig(
            "embedded",
            EngineType.DuckDb,
            // the rows are few; threads and large blocks would only cost
            ImmutableSortedDictionary<string, string>
                .Empty.Add("path", ":memory:")
                .Add("threads", "1")
                .Add("block_size", "16KB"),
            [],
            default
        );
        return DuckDbAdapter.Create(config, "", new DiagnosticBag())
            ?? throw new InvalidOperationException("DuckDB cannot be opened in memory");
    }

    /// <summary>The one place that knows which adapter belongs to which type of connection.</summary>
    public static IAdapter? Create(ConnectionConfig config, string projectFolder, DiagnosticBag diagnostics)
    {
        switch (config.Engine)
        {
            case EngineType.DuckDb:
                return DuckDbAdapter.Create(config, projectFolder, diagnostics);
            case EngineType.Postgres:
                return PostgresAdapter.Create(config, diagnostics);
            default:
                diagnostics.Add(
                    CommandLineDiagnostics.NoAdapter(
                        config.Declaration,
                        config.Name,
                        config.Engine.ToString().ToLowerInvariant()
                    )
                );
                return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var adapter in Adapters.Values)
            await adapter.DisposeAsync();
        _log?.Dispose();
    }
}
