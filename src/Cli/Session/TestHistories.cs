using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.State.Tests;

namespace Strata.Cli.Session;

/// <summary>The past of tests, from all connections that hold some of it.</summary>
public static class TestHistories
{
    /// <param name="runs">How many runs of each test at most.</param>
    /// <param name="onProblem">Told of a connection that cannot be read; the others are read all the same.</param>
    public static Task<TestHistory> ReadAsync(
        ProjectSession project,
        AdapterSet adapters,
        IEnumerable<Node> tests,
        int runs,
        Action<Diagnostic> onProblem,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            adapters,
            tests.SelectMany(test =>
                ConnectionsOf(project.Manifest, test).Select(connection => (connection, test.UniqueId))
            ),
            runs,
            onProblem,
            cancellationToken
        );

    /// <param name="tests">What has a history, by the connection that keeps it.</param>
    /// <param name="runs">How many runs of each at most.</param>
    /// <param name="onProblem">Told of a connection that cannot be read; the others are read all the same.</param>
    public static async Task<TestHistory> ReadAsync(
        AdapterSet adapters,
        IEnumerable<(string Connection, string Id)> tests,
        int runs,
        Action<Diagnostic> onProblem,
        CancellationToken cancellationToken
    )
    {
        var history = TestHistory.Empty;
        foreach (var some in tests.ToLookup(test => test.Connection, test => test.Id))
        {
            var adapter = adapters.Adapters[some.Key];
            try
            {
                await using var session = await adapter.OpenSessionAsync(cancellationToken);
                history = history.With(
                    await TestHistory.ReadAsync(
                        session,
                        adapter.Dialect,
                        [.. some.Distinct()],
                        runs,
                        cancellationToken
                    )
                );
            }
            catch (EngineException exception)
            {
                onProblem(
                    exception.Error.ToDiagnostic(
                        adapter.Dialect.Name,
                        $"the state of connection '{some.Key}'"
                    )
                );
            }
            catch (OperationCanceledException)
            {
                return history;
            }
        }
        return history;
    }

    // a test that reads several connections is recorded where the node lies that it audits, which depends on the run;
    // the results of a unit test are kept where its model is
    private static IEnumerable<string> ConnectionsOf(ProjectManifest manifest, Node test) =>
        test switch
        {
            TestNode { ReadsInPlace: true } node => node
                .DependsOn.Select(id => manifest.Find<RelationNode>(id)?.Connection)
                .OfType<string>()
                .Distinct(),
            TestNode node => [node.Connection],
            UnitTestNode node => [node.Connection],
            _ => throw new ArgumentException($"'{test.UniqueId}' is no test", nameof(test)),
        };
}
