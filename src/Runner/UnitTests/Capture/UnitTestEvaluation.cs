using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Planning;

namespace Strata.Runner.UnitTests.Capture;

/// <summary>Runs a unit test's model on what the test gives, to see what comes out.</summary>
public static class UnitTestEvaluation
{
    /// <returns>All columns; rows and diagnostics exclude each other, and neither is there without an engine.</returns>
    public static async Task<(
        RowSet? Rows,
        IReadOnlyList<Compiler.Diagnostics.Diagnostic> Diagnostics
    )> RunAsync(RunRequest request, UnitTestNode test, CancellationToken cancellationToken)
    {
        await using var bench = new UnitTestBench(request, RunId.Create(request.StartedAt));
        try
        {
            var rows = await bench.WithRunnerAsync(
                test,
                runner => runner.EvaluateAsync(test, cancellationToken),
                cancellationToken
            );
            return (rows, []);
        }
        catch (NodeFailedException e)
        {
            return (null, e.Diagnostics);
        }
    }
}
