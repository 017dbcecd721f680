using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Conformance.Engines;

/// <summary>One adapter on a database of the test class's own, and the few texts in which engines differ.</summary>
public abstract class EngineUnderTest : IAsyncLifetime
{
    private readonly Lazy<IAdapter> _adapter;

    protected EngineUnderTest() => _adapter = new Lazy<IAdapter>(() => CreateAdapter());

    public IAdapter Adapter => _adapter.Value;

    public SqlDialect Dialect => Adapter.Dialect;

    /// <summary>A query that would take minutes.</summary>
    public abstract string EndlessQuery { get; }

    /// <summary>A query of integers from 0 in a column <c>i</c>.</summary>
    public abstract string Series(long count);

    /// <summary>A second adapter on the same database.</summary>
    public abstract IAdapter CreateAdapter();

    /// <summary>What leads <see cref="LockProbe"/> to this database.</summary>
    public abstract IReadOnlyList<string> ProbeArguments { get; }

    public static IAdapter FromProbeArguments(string[] arguments) =>
        arguments switch
        {
            ["duckdb", var folder] => DuckDbEngine.CreateAdapter(folder),
            ["postgres", var host, var port, var user, var password, var database] =>
                PostgresEngine.CreateAdapter(
                    ("host", host),
                    ("port", port),
                    ("user", user),
                    ("password", password),
                    ("database", database)
                ),
            _ => throw new ArgumentException("not the arguments of a probe", nameof(arguments)),
        };

    public async Task<ISession> OpenAsync() => await Adapter.OpenSessionAsync(CancellationToken.None);

    /// <summary>A schema that no other test uses.</summary>
    public async Task<string> CreateSchemaAsync(ISession session)
    {
        var name = $"t_{Guid.NewGuid():N}"[..12];
        await session.ExecuteAsync($"create schema {Dialect.QuoteIdentifier(name)}", CancellationToken.None);
        return name;
    }

    /// <summary>Makes the session give up on a lock soon, where the engine waits at all.</summary>
    public virtual Task BoundLockWaitAsync(ISession session) => Task.CompletedTask;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (_adapter.IsValueCreated)
            await _adapter.Value.DisposeAsync();
    }

    public static ConnectionConfig Config(EngineType engine, params (string Key, string Value)[] options)
    {
        var file = new SourceText("profiles.yml", "targets:\n");
        return new ConnectionConfig(
            "under_test",
            engine,
            options.ToImmutableSortedDictionary(o => o.Key, o => o.Value),
            [.. options.Where(o => o.Key == "password").Select(o => o.Value)],
            file.Span(0, 7)
        );
    }

    protected static IAdapter OrFail(IAdapter? adapter, DiagnosticBag diagnostics) =>
        adapter
        ?? throw new InvalidOperationException(
            string.Join("; ", diagnostics.ToSorted().Select(d => d.Message))
        );
}
