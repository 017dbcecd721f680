using Strata.Cli.Output;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>
/// The rows of all nodes of a run as one line that adds up: each that came in is among those named behind the colon.
/// </summary>
public static class RowTotals
{
    /// <summary>
    /// <c>1,310 rows came in: 1,000 built, 204 inserted, 6 updated, 100 unchanged; 3 deleted</c>, of which only what
    /// is not zero; nothing where no node moved a row.
    /// </summary>
    public static string Line(RunResult result, Palette palette)
    {
        var nodes = result
            .Nodes.Where(node => node.Node.Kind is not PlannedKind.Test)
            .Select(node => node.Rows)
            .OfType<RowCounts>()
            .ToList();
        var came = Join(
            (nodes.Where(rows => rows.Inserted is null).Sum(rows => rows.Out ?? 0), "built", Tone.Plain),
            (nodes.Sum(rows => rows.Inserted ?? 0), "inserted", Tone.Plain),
            (nodes.Sum(rows => rows.Updated ?? 0), "updated", Tone.Plain),
            (nodes.Sum(rows => rows.Unchanged ?? 0), "unchanged", Tone.Plain),
            (nodes.Sum(rows => rows.MergedAway ?? 0), "merged away", Tone.Plain),
            (nodes.Sum(rows => rows.Quarantined ?? 0), "quarantined", Tone.Warning)
        );
        var gone = Join((nodes.Sum(rows => rows.Deleted ?? 0), "deleted", Tone.Plain));
        var read = nodes.Sum(rows => rows.In ?? 0);
        return (came, gone) switch
        {
            ("", "") => "",
            ("", _) => $"rows: {gone}",
            (_, "") => $"{Words.Count(read, "row")} came in: {came}",
            _ => $"{Words.Count(read, "row")} came in: {came}; {gone}",
        };

        string Join(params ReadOnlySpan<(long Count, string Word, Tone Tone)> parts)
        {
            var texts = new List<string>();
            foreach (var (count, word, tone) in parts)
            {
                if (count > 0)
                    texts.Add(palette.Paint($"{Words.Number(count)} {word}", tone));
            }
            return string.Join(", ", texts);
        }
    }
}
