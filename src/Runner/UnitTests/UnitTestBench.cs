using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Runner.UnitTests;

/// <summary>
/// Where the unit tests of a run are run: models of the embedded engine's kind in a database in memory, which all tests
/// share; others on a server of their kind, if one answers, in a transaction that is rolled back. The project's own
/// tables are never looked at, and nothing is locked.
/// </summary>
internal sealed class UnitTestBench(RunRequest request, string runId) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IAdapter? _adapter;
    private PrivateEngine? _embedded;
    private InputTypes? _types;

    /// <summary>Runs the unit tests of one model.</summary>
    public async Task<ImmutableArray<UnitTestResult>> RunAsync(
        ImmutableArray<UnitTestNode> tests,
        CancellationToken cancellationToken
    )
    {
        if (tests.IsEmpty)
            return [];
        // one session at a time: a test takes milliseconds, and all share what is known of types
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (request.OpenEmbedded is null)
                return NotRun(tests, "there is no engine to run it on");
            var (embedded, types) = await EmbeddedAsync(request.OpenEmbedded, cancellationToken);
            return tests[0].Engine == embedded.Dialect.Engine
                ? await RunAsync(tests, embedded, types, cancellationToken)
                : await RunOnServerAsync(tests, types, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Does something with the runner of a test's engine; null when there is no such engine at hand.</summary>
    public async Task<T?> WithRunnerAsync<T>(
        UnitTestNode test,
        Func<UnitTestRunner, Task<T>> work,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (request.OpenEmbedded is null)
            return null;
        var (embedded, types) = await EmbeddedAsync(request.OpenEmbedded, cancellationToken);
        if (test.Engine == embedded.Dialect.Engine)
            return await work(new UnitTestRunner(embedded, types, request.Manifest, request.Clock));
        await using var server = await PrivateEngine.OpenAsync(
            request.Adapters[test.Connection],
            Prefix,
            isShared: true,
            cancellationToken
        );
        return await work(
            new UnitTestRunner(server, TypesOn(server, types), request.Manifest, request.Clock)
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null)
            await _embedded.DisposeAsync();
        if (_adapter is not null)
            await _adapter.DisposeAsync();
        _gate.Dispose();
    }

    private string Prefix => $"strata_{RunId.ToIdentifier(runId)}__unit";

    private async Task<(PrivateEngine Engine, InputTypes Types)> EmbeddedAsync(
        Func<IAdapter> open,
        CancellationToken cancellationToken
    )
    {
        _adapter ??= open();
        _embedded ??= await PrivateEngine.OpenAsync(_adapter, "unit", isShared: false, cancellationToken);
        _types ??= new InputTypes(_embedded, request.Manifest, elsewhere: null);
        return (_embedded, _types);
    }

    private async Task<ImmutableArray<UnitTestResult>> RunOnServerAsync(
        ImmutableArray<UnitTestNode> tests,
        InputTypes types,
        CancellationToken cancellationToken
    )
    {
        var connection = tests[0].Connection;
        var adapter = request.Adapters[connection];
        if (!adapter.Capabilities.TransactionalDdl)
            return NotRun(tests, $"{adapter.Dialect.Name} cannot roll back what a unit test does");
        PrivateEngine server;
        try
        {
            server = await PrivateEngine.OpenAsync(adapter, Prefix, isShared: true, cancellationToken);
        }
        catch (EngineException e)
            when (e.Error.Kind
                    is EngineErrorKind.Connection
                        or EngineErrorKind.Permission
                        or EngineErrorKind.Resources
            )
        {
            return NotRun(tests, $"no {adapter.Dialect.Name} at hand", connection, e.Error.Message);
        }
        await using (server)
        {
            return await RunAsync(tests, server, TypesOn(server, types), cancellationToken);
        }
    }

    private InputTypes TypesOn(PrivateEngine server, InputTypes embedded) =>
        new(
            server,
            request.Manifest,
            async (node, token) =>
            {
                // the types that the rows would have after crossing
                var (columns, isComplete) = await embedded.TransferColumnsOfAsync(node, token);
                return InputTypes.Arrived(server, columns, isComplete);
            }
        );

    private async Task<ImmutableArray<UnitTestResult>> RunAsync(
        ImmutableArray<UnitTestNode> tests,
        PrivateEngine engine,
        InputTypes types,
        CancellationToken cancellationToken
    )
    {
        var runner = new UnitTestRunner(engine, types, request.Manifest, request.Clock);
        var results = ImmutableArray.CreateBuilder<UnitTestResult>(tests.Length);
        foreach (var test in tests)
            results.Add(await runner.RunAsync(test, cancellationToken));
        return results.ToImmutable();
    }

    private static ImmutableArray<UnitTestResult> NotRun(
        ImmutableArray<UnitTestNode> tests,
        string reason,
        string? connection = null,
        string? detail = null
    ) =>
        [
            .. tests.Select(test =>
            {
                var diagnostic = UnitTestDiagnostics.NotRun(test.Declaration, test.Name, reason);
                return new UnitTestResult
                {
                    Test = test,
                    Status = TestStatus.Skipped,
                    Diagnostics =
                    [
                        connection is null
                            ? diagnostic
                            : diagnostic with
                            {
                                Details = [detail ?? ""],
                                Hint =
                                    $"start the server of connection '{connection}', or choose another target",
                            },
                    ],
                };
            }),
        ];
}
