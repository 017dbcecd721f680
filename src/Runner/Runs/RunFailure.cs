using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;

namespace Strata.Runner.Runs;

/// <summary>A node that did not end well in a run.</summary>
/// <param name="Outcome"><c>failed</c>, or <c>partial</c> where some batches were published.</param>
/// <param name="Message">The first reason in one line, with its code, and how many more there are.</param>
public sealed record RunFailure(string RunId, string Node, string Outcome, string Message)
{
    private const int LongestMessage = 500;

    /// <returns>Null for a node that ended well, or was not tried because of another.</returns>
    public static RunFailure? Of(string runId, NodeResult result)
    {
        string? outcome = result.Outcome switch
        {
            Results.Outcome.Failed => "failed",
            Results.Outcome.PartialSuccess => "partial",
            _ => null,
        };
        return outcome is null ? null : new RunFailure(runId, result.Node.Id, outcome, Words(result));
    }

    private static string Words(NodeResult result)
    {
        var reasons = result
            .Diagnostics.Concat(result.Tests.SelectMany(test => test.Diagnostics))
            .Concat(result.UnitTests.SelectMany(test => test.Diagnostics))
            .Where(diagnostic => diagnostic.IsError)
            .Distinct()
            .ToImmutableArray();
        if (reasons is not [var first, ..])
            return "";
        var text = $"{first.Code} {OneLine(first)}";
        return reasons.Length == 1 ? text : $"{text} (and {reasons.Length - 1} more)";
    }

    private static string OneLine(Diagnostic diagnostic)
    {
        // an engine's own words say more than that it had something to say
        var text = string.Join(
            ": ",
            new[] { diagnostic.Message }.Concat(diagnostic.Details.Take(1).Select(line => line.Trim()))
        );
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestMessage ? line : $"{line[..LongestMessage]}…";
    }
}
