using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.State;

namespace Strata.Cli.Session;

/// <summary>The past of tests, from all connections that hold some of it.</summary>
public static class TestHistories
{
    /// <param name="runs">How many runs of each test at most.</param>
    /// <param name="onProblem">Told of a connection that cannot be read; the others are read all the same.</param>
    public static async Task<TestHistory> ReadAsync(
        ProjectSession project,
        AdapterSet adapters,
        IEnumerable<TestNode> tests,
        int runs,
        Action<Diagnostic> onProblem,
        CancellationToken cancellationToken
    )
    {
        var history = TestHistory.Empty;
        foreach (var some in tests.GroupBy(test => test.Connection))
        {
            var adapter = adapters.Adapters[some.Key];
            try
            {
                await using var session = await adapter.OpenSessionAsync(cancellationToken);
                history = history.With(
                    await TestHistory.ReadAsync(
                        session,
                        adapter.Dialect,
                        [.. some.Select(test => test.UniqueId).Distinct()],
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
}
