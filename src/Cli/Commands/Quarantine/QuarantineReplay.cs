using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Progress;
using Strata.Cli.Progress.Summaries;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;

namespace Strata.Cli.Commands.Quarantine;

/// <summary><c>strata quarantine replay</c>: an ordinary run of one node, told in the words of a replay.</summary>
internal static class QuarantineReplay
{
    /// <returns>Null, after saying why, when the run cannot be asked for.</returns>
    public static RunRequest? Request(
        CommandContext context,
        ProjectSession project,
        ProjectFlags flags,
        AdapterSet adapters,
        RelationNode node,
        ReplayRequest replay
    )
    {
        ImmutableHashSet<string> selected =
        [
            node.UniqueId,
            .. project
                .Manifest.Nodes.Values.OfType<TestNode>()
                .Where(test => test.DependsOn.Contains(node.UniqueId))
                .Select(test => test.UniqueId),
        ];
        return project.ToRunRequest(context, flags, selected, RunCommand.Build, adapters) is { } request
            ? request with
            {
                Replay = replay,
            }
            : null;
    }

    public static async Task<int> RunAsync(
        CommandContext context,
        ProjectSession project,
        RunRequest request,
        RelationNode node,
        bool asJson,
        LockWait wait
    )
    {
        var result = await ProjectRunner.RunAsync(request, new Silence(), context.Cancellation);
        if (result.CouldNotStart && wait.PutsOff(project, result.Diagnostics))
            return ExitCode.CouldNotRun;
        var isDry = request.Replay is { IsDryRun: true };
        var ended = result.Nodes.FirstOrDefault(one => one.Node.Id == node.UniqueId);
        if (ended is { Rows: { } rows, Outcome: Outcome.Succeeded or Outcome.Warned })
        {
            if (asJson)
                WriteJson(context, node, rows, isDry);
            else
                WriteWords(context, ended, node, rows, isDry);
        }
        await context.Out.FlushAsync();
        RunDiagnostics.Print(context, WithoutWarnings(result), _ => null);
        if (!isDry && !result.CouldNotStart && !project.TryWriteResults(context, result, "quarantine replay"))
            return ExitCode.CouldNotRun;
        // what was typed is wrong, not the project
        return ended is not null && ended.Diagnostics.Any(IsOfTheCommand)
            ? ExitCode.CouldNotRun
            : RunExitCode.Of(result);
    }

    private static bool IsOfTheCommand(Diagnostic diagnostic) =>
        diagnostic.Code.StartsWith("ST8", StringComparison.Ordinal);

    /// <summary>That rows are still quarantined is what the command says itself.</summary>
    private static RunResult WithoutWarnings(RunResult result) =>
        result with
        {
            Nodes =
            [
                .. result.Nodes.Select(node =>
                    node with
                    {
                        Tests =
                        [
                            .. node.Tests.Select(test =>
                                test.Test.Config.Severity == TestSeverity.Quarantine
                                && test.Status == TestStatus.Warn
                                    ? test with
                                    {
                                        Diagnostics = [],
                                    }
                                    : test
                            ),
                        ],
                    }
                ),
            ],
        };

    private static void WriteWords(
        CommandContext context,
        NodeResult ended,
        RelationNode node,
        RowCounts rows,
        bool isDry
    )
    {
        var replayed = Words.Count(rows.Replayed ?? 0, "row");
        var head = isDry
            ? $"would replay {replayed} into {node.Relation}"
            : $"replayed {replayed} into {node.Relation}";
        context.Out.Write(head + "\n");
        foreach (var line in Beaten(ended, node, rows, isDry))
            context.Out.Write(line + "\n");
        if (StillFailing(rows) is > 0 and var failing)
            context.Out.Write(
                $"{Words.Count(failing, "row")} still {(failing == 1 ? "fails and stays" : "fail and stay")} quarantined\n"
            );
        if (isDry || rows.Replayed is null or 0)
            return;
        if (node is ModelNode { DependsOn.Length: > 1 })
            context.Remark(
                $"values that the query of '{node.Name}' looks up or computes are as before; --full-refresh renews them"
            );
        context.Remark($"'strata build --select {node.Name}+' carries them downstream");
    }

    /// <summary>What became of rows that lost against another of their key.</summary>
    private static IEnumerable<string> Beaten(NodeResult ended, RelationNode node, RowCounts rows, bool isDry)
    {
        var late = rows.MergedAway ?? 0;
        if (late == 0)
            yield break;
        if (ended.Node.Action == PlannedAction.Full)
        {
            yield return $"of all rows of its query, {Words.Count(late, "row")} gave way to a later one of the same key";
            yield break;
        }
        // an event that is entered has its place in the history of its key; a row that lost is not entered
        var outside = node is ModelNode { Config.Materialized: Materialization.Cdc }
            ? 0
            : Math.Clamp((rows.In ?? 0) - (rows.Quarantined ?? 0) - (rows.Replayed ?? 0), 0, late);
        if (late - outside is > 0 and var inside)
            yield return $"{inside} of them {(isDry ? "would give" : "gave")} way to a later row of the same key";
        if (outside > 0)
            yield return $"{Words.Count(outside, "row")} {(isDry ? "would not be" : outside == 1 ? "was not" : "were not")} replayed, but superseded: a later row of the same key is published";
    }

    private static long StillFailing(RowCounts rows) => (rows.Quarantined ?? 0) - (rows.Dropped ?? 0);

    private static void WriteJson(CommandContext context, RelationNode node, RowCounts rows, bool isDry) =>
        context.Out.WriteJsonLine(
            JsonLine.Write(json =>
            {
                json.WriteString("name", node.Name);
                json.WriteString("unique_id", node.UniqueId);
                json.WriteBoolean("dry_run", isDry);
                json.WriteNumber("replayed", rows.Replayed ?? 0);
                json.WriteNumber("superseded", rows.MergedAway ?? 0);
                json.WriteNumber("still_failing", StillFailing(rows));
            })
        );

    private sealed class Silence : IRunObserver
    {
        public void OnEvent(RunEvent runEvent) { }
    }
}
