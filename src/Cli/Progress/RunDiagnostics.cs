using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>What went wrong in a run, each thing once, in the order of the plan.</summary>
public static class RunDiagnostics
{
    public static void Print(CommandContext context, RunResult result)
    {
        var found = Of(result).Where(diagnostic => diagnostic.IsError || !context.IsQuiet).ToList();
        if (found.Count == 0)
            return;
        if (!result.Nodes.IsEmpty && !context.IsQuiet)
            context.Error.Write("\n");
        context.Diagnostics.Print(found);
    }

    public static ImmutableArray<Diagnostic> Of(RunResult result) =>
        [
            .. result
                .Nodes.SelectMany(node => node.Diagnostics)
                .Concat(result.Nodes.SelectMany(node => node.UnitTests).SelectMany(test => test.Diagnostics))
                .Concat(result.Nodes.SelectMany(node => node.Tests).SelectMany(test => Of(test, result.Plan)))
                .Concat(result.Diagnostics)
                .Distinct(),
        ];

    // the rows of a stage are gone with it; those of a published relation can be looked at
    private static IEnumerable<Diagnostic> Of(TestResult test, RunPlan plan)
    {
        if (
            test.FailingRowsSql is not { } sql
            || sql.Contains(RunId.ToIdentifier(plan.RunId), StringComparison.Ordinal)
        )
            return test.Diagnostics;
        var query = string.Join(
            ' ',
            sql.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
        return test.Diagnostics.Select(diagnostic =>
            diagnostic with
            {
                Details = [.. diagnostic.Details, $"query: {query}"],
            }
        );
    }
}
