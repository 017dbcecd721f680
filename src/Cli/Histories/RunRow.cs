using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Runs;

namespace Strata.Cli.Histories;

/// <summary>A run of the history with what it did.</summary>
/// <param name="Nodes">What it published, by connection, in the order of the names.</param>
/// <param name="Failures">What did not end well, by connection.</param>
/// <param name="Back">Whether one can go back to it: <c>yes</c>, <c>no</c>, or <c>now</c> where everything is as it left it.</param>
public sealed record RunRow(
    RunRecord Run,
    ImmutableArray<(string Connection, LedgerEvent Event)> Nodes,
    ImmutableArray<(string Connection, RunFailure Failure)> Failures,
    string Back
)
{
    public static RunRow Of(RunRecord run, ProjectHistory history, ProjectManifest manifest)
    {
        var nodes = history
            .Connections.SelectMany(connection =>
                connection
                    .Events.Where(one => one.RunId == run.RunId)
                    .Select(one => (connection.Connection, Event: one))
            )
            .OrderBy(one => one.Event.At)
            .ThenBy(one => one.Event.Node, StringComparer.Ordinal);
        var failures = history.Connections.SelectMany(connection =>
            connection
                .Failures.Where(one => one.RunId == run.RunId)
                .Select(one => (connection.Connection, one))
        );
        return new RunRow(run, [.. nodes], [.. failures], BackTo(run, history, manifest));
    }

    /// <summary>What it published, each node once on each connection.</summary>
    public IEnumerable<PublishedNode> Published =>
        Nodes
            .GroupBy(one => (one.Connection, one.Event.Node))
            .Select(some => new PublishedNode(some.Key.Connection, [.. some.Select(one => one.Event)]));

    /// <summary>How many nodes it published; one that is built in batches is one.</summary>
    public int NodeCount => Nodes.Select(one => one.Event.Node).Distinct(StringComparer.Ordinal).Count();

    public long Sum(Func<PublishedNode, long?> count) => Published.Sum(one => count(one) ?? 0);

    /// <summary>Null for a run that did not come to its end.</summary>
    public TimeSpan? Duration => Run.EndedAt - Run.StartedAt;

    private static string BackTo(RunRecord run, ProjectHistory history, ProjectManifest manifest)
    {
        if (run.Target.Length > 0 && run.Target != manifest.TargetName)
            return "no";
        var plan = history.PlanBack(run, manifest, manifest.Owns);
        return !plan.Problems.IsEmpty ? "no"
            : plan.IsEmpty ? "now"
            : "yes";
    }
}
