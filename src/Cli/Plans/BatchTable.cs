using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Progress;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;

namespace Strata.Cli.Plans;

/// <summary>The batches of a plan: one line for those that follow each other and are built for the same reason; below it, what may add
/// others, and which inputs cannot say what arrived.</summary>
public static class BatchTable
{
    public static void Write(CommandContext context, IEnumerable<PlannedNode> nodes)
    {
        var table = new TextTable("batches of", "from", "to", "why", new TextTable.Column("batches", true));
        var isEmpty = true;
        var notes = new List<string>();
        foreach (var node in nodes)
        {
            if (!node.Batches.IsEmpty && !node.Unfollowed.IsEmpty)
                notes.Add(
                    $"{NodeWords.Title(node)}: only lookback finds late rows in {string.Join(", ", node.Unfollowed)}, "
                        + "for want of a change feed"
                );
            if (!node.Arriving.IsEmpty)
                notes.Add(
                    $"{NodeWords.Title(node)}: also every period in which this run adds, changes or deletes rows of {string.Join(", ", node.Arriving)}"
                );
            if (!node.Replaced.IsEmpty)
                notes.Add(
                    $"{NodeWords.Title(node)}: also every period that has rows of changed or removed files of {string.Join(", ", node.Replaced)}"
                );
            foreach (var run in Runs(node.Batches))
            {
                isEmpty = false;
                table.Add(
                    new TextTable.Cell(NodeWords.Title(node)),
                    run[0].Period.ToString(),
                    run[^1].Period.ToString(),
                    run[0].Why,
                    Words.Number(run.Count)
                );
            }
        }
        if (!isEmpty)
        {
            table.Write(context.Out, context.OutPalette, context.Terminal.Width);
            context.Out.Write("\n");
        }
        if (notes.Count == 0)
            return;
        foreach (var note in notes)
            context.Out.Write($"{note}\n");
        context.Out.Write("\n");
    }

    private static List<List<PlannedBatch>> Runs(IEnumerable<PlannedBatch> batches)
    {
        var runs = new List<List<PlannedBatch>>();
        foreach (var batch in batches)
        {
            if (
                runs is [.., var last]
                && last[^1].Why == batch.Why
                && last[^1].Period.End == batch.Period.Start
            )
                last.Add(batch);
            else
                runs.Add([batch]);
        }
        return runs;
    }
}
