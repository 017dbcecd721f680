using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;

namespace Strata.Runner.Binding;

/// <summary>An engine of a kind, and what columns the project's nodes have there.</summary>
internal sealed record TypedEngine(PrivateEngine Engine, InputTypes Types);

/// <summary>
/// The engines that a project's queries are bound on, each opened when it is first asked for: one in memory for all connections of
/// the embedded engine's kind; for every other connection its server, in a transaction that is rolled back. Used by one
/// caller at a time.
/// </summary>
internal sealed class PrivateEngines(RunRequest request) : IAsyncDisposable
{
    private readonly Dictionary<string, TypedEngine> _servers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EngineError> _unreachable = new(StringComparer.Ordinal);
    private IAdapter? _adapter;
    private TypedEngine? _embedded;

    /// <summary>Whether servers are asked at all; else only the embedded engine is at hand, and no connection counts as unreachable.</summary>
    public bool AsksServers { get; init; } = true;

    /// <summary>The connections that were asked for and are not at hand, with what they say.</summary>
    public IReadOnlyDictionary<string, EngineError> Unreachable => _unreachable;

    /// <returns>Null when the engine is not at hand; <see cref="Unreachable"/> then says why.</returns>
    public async Task<TypedEngine?> FindAsync(
        EngineType engine,
        string connection,
        CancellationToken cancellationToken
    )
    {
        _adapter ??= request.OpenEmbedded?.Invoke();
        if (_adapter is { } embedded && embedded.Dialect.Engine == engine)
            return _embedded ??= await OpenAsync(embedded, null, cancellationToken);
        if (!AsksServers)
            return null;
        if (_servers.TryGetValue(connection, out var known))
            return known;
        if (_unreachable.ContainsKey(connection))
            return null;
        var adapter = request.Adapters[connection];
        if (!adapter.Capabilities.TransactionalDdl)
        {
            Lose(
                connection,
                new EngineError(EngineErrorKind.Unsupported, "it cannot roll back what is tried out on it")
            );
            return null;
        }
        try
        {
            return _servers[connection] = await OpenAsync(adapter, connection, cancellationToken);
        }
        catch (EngineException e)
            when (e.Error.Kind
                    is EngineErrorKind.Connection
                        or EngineErrorKind.Permission
                        or EngineErrorKind.Resources
            )
        {
            Lose(connection, e.Error);
            return null;
        }
    }

    /// <summary>From now on the connection is not at hand.</summary>
    public void Lose(string connection, EngineError error) => _unreachable.TryAdd(connection, error);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.Engine.DisposeAsync();
        if (_embedded is not null)
            await _embedded.Engine.DisposeAsync();
        if (_adapter is not null)
            await _adapter.DisposeAsync();
    }

    private async Task<TypedEngine> OpenAsync(
        IAdapter adapter,
        string? connection,
        CancellationToken cancellationToken
    )
    {
        var run = RunId.ToIdentifier(RunId.Create(request.StartedAt));
        var engine = await PrivateEngine.OpenAsync(
            adapter,
            $"strata_{run}__check",
            isShared: connection is not null,
            cancellationToken
        );
        var types = new InputTypes(
            engine,
            request.Manifest,
            (node, token) => ArrivedAsync(engine, node, token)
        )
        {
            Connection = connection,
            BelievesEngine = true,
        };
        return new TypedEngine(engine, types);
    }

    private async Task<InputColumns> ArrivedAsync(
        PrivateEngine here,
        RelationNode node,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(node.Engine, node.Connection, cancellationToken) is not { } there)
            return InputColumns.Unknown;
        try
        {
            var (columns, isComplete) = await there.Types.TransferColumnsOfAsync(node, cancellationToken);
            return InputTypes.Arrived(here, columns, isComplete);
        }
        catch (EngineException)
        {
            // a type that cannot cross: the run says it, and where
            return InputColumns.Unknown;
        }
    }
}
