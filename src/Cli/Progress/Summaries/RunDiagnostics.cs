using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Reports;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;

namespace Strata.Cli.Progress.Summaries;

/// <summary>What went wrong in a run, each thing once, in the order of the plan.</summary>
public static class RunDiagnostics
{
    private const int DefaultWidth = 80;

    /// <param name="queryFileOf">Where the query that finds a test's failing rows has been written, as the user would type it.</param>
    public static void Print(CommandContext context, RunResult result, Func<TestResult, string?> queryFileOf)
    {
        var width = context.Terminal.Width ?? DefaultWidth;
        var found = Of(result, test => TestDetails.Of(test, width, queryFileOf(test)))
            .Where(one => one.Diagnostic.IsError || !context.IsQuiet)
            .ToList();
        if (found.Count == 0)
            return;
        if (!result.Nodes.IsEmpty && !context.IsQuiet)
            context.Error.Write("\n");
        context.Diagnostics.Print(AlikeDiagnostics.Group(found, width));
    }

    private static ImmutableArray<RunDiagnostic> Of(
        RunResult result,
        Func<TestResult, ImmutableArray<string>> detailsOf
    ) =>
        [
            .. result
                .Nodes.SelectMany(node => Of(node, node.Diagnostics))
                .Concat(
                    result.Nodes.SelectMany(node =>
                        node.UnitTests.SelectMany(test => Of(node, test.Diagnostics))
                    )
                )
                .Concat(
                    result
                        .Nodes.SelectMany(node => node.Tests)
                        .SelectMany(test =>
                            // the rows are shown once, below the verdict
                            test.Diagnostics.Select(diagnostic =>
                                diagnostic != RunReport.MainOf(test)
                                    ? diagnostic
                                    : diagnostic with
                                    {
                                        Details = [.. diagnostic.Details, .. detailsOf(test)],
                                    }
                            )
                        )
                        .Concat(result.Diagnostics)
                        .Select(diagnostic => new RunDiagnostic(diagnostic, null))
                )
                .DistinctBy(found => found.Diagnostic),
        ];

    private static IEnumerable<RunDiagnostic> Of(NodeResult node, IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Select(diagnostic => new RunDiagnostic(diagnostic, node.Node));
}
