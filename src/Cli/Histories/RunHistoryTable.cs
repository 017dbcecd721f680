using System.Globalization;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Runner.Runs;

namespace Strata.Cli.Histories;

/// <summary>Runs, and the nodes of one, as tables.</summary>
public static class RunHistoryTable
{
    public static void Write(CommandContext context, IReadOnlyList<RunRow> rows, string target)
    {
        // the target is worth a column only where there is more than one
        var hasTargets = rows.Any(row => row.Run.Target.Length > 0 && row.Run.Target != target);
        TextTable.Column[] columns =
        [
            "run",
            "command",
            .. hasTargets ? new TextTable.Column[] { "target" } : [],
            new("nodes", IsRight: true),
            new("changes", IsRight: true),
            new("time", IsRight: true),
            "outcome",
            "back",
        ];
        var table = new TextTable(columns);
        foreach (var row in rows)
        {
            TextTable.Cell[] cells =
            [
                row.Run.RunId,
                row.Run.Command,
                .. hasTargets ? new TextTable.Cell[] { row.Run.Target } : [],
                row.Nodes.IsEmpty ? "" : Words.Number(row.NodeCount),
                Changes(
                    row.Sum(one => one.Inserted),
                    row.Sum(one => one.Updated),
                    row.Sum(one => one.Deleted)
                ),
                row.Duration is { } took ? Words.Duration(took) : "",
                new TextTable.Cell(row.Run.Outcome, ToneOf(row.Run.Outcome)),
                new TextTable.Cell(row.Back, row.Back == "no" ? Tone.Quiet : Tone.Plain),
            ];
            table.Add(cells);
        }
        table.Write(context.Out, context.OutPalette, context.Terminal.Width);
    }

    public static void WriteNodes(CommandContext context, RunRow row, ProjectManifest manifest)
    {
        var run = row.Run;
        var started = run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var words = new[]
        {
            run.Command,
            run.Target.Length == 0 ? "" : $"target {run.Target}",
            run.ToRun is { } to ? $"to {to}" : "",
            $"started {started} UTC",
            row.Duration is { } took ? $"took {Words.Duration(took)}" : "",
            run.Outcome,
        };
        context.Out.Write(string.Join(", ", words.Where(word => word.Length > 0)) + "\n");
        if (row.Nodes.IsEmpty)
            context.Out.Write("nothing was published\n");
        else
            WritePublished(context, row, manifest);
        if (!row.Failures.IsEmpty)
            WriteFailures(context, row, manifest);
    }

    private static void WritePublished(CommandContext context, RunRow row, ProjectManifest manifest)
    {
        context.Out.Write("\n");
        var table = new TextTable(
            "node",
            "connection",
            "action",
            new TextTable.Column("rows", IsRight: true),
            new TextTable.Column("changes", IsRight: true),
            new TextTable.Column("time", IsRight: true)
        );
        foreach (var node in row.Published)
        {
            table.Add(
                ProjectHistory.NameOf(manifest, node.Node),
                new TextTable.Cell(node.Connection, Tone.Quiet),
                node.Batches is { } batches
                    ? $"{node.Action}, {Words.Count(batches, "batch", "batches")}"
                    : node.Action,
                node.Rows is { } rows ? Words.Number(rows) : "",
                Changes(node.Inserted ?? 0, node.Updated ?? 0, node.Deleted ?? 0),
                node.Duration > TimeSpan.Zero ? Words.Duration(node.Duration) : ""
            );
        }
        table.Write(context.Out, context.OutPalette, context.Terminal.Width);
    }

    private static void WriteFailures(CommandContext context, RunRow row, ProjectManifest manifest)
    {
        // sentences, which a table would cut
        foreach (var (connection, one) in row.Failures)
        {
            var what = one.Outcome == "partial" ? "failed in part" : "failed";
            var name = ProjectHistory.NameOf(manifest, one.Node);
            context.Out.Write($"\n{what}: {name} on {connection}\n  {one.Message}\n");
        }
    }

    private static string Changes(long inserted, long updated, long deleted)
    {
        (char Sign, long Count)[] parts = [('+', inserted), ('~', updated), ('-', deleted)];
        return string.Join(
            ' ',
            parts.Where(part => part.Count > 0).Select(part => part.Sign + Words.Number(part.Count))
        );
    }

    private static Tone ToneOf(string outcome) =>
        outcome switch
        {
            RunOutcome.Failed or RunOutcome.Died => Tone.Bad,
            RunOutcome.Cancelled or RunOutcome.Running => Tone.Warning,
            _ => Tone.Plain,
        };
}
