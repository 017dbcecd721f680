using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress.Summaries;

/// <summary>
/// The rows of all nodes of a run as a line that adds up: each that came in is among those named behind the colon. So
/// does one for the events of cdc models, which are no rows.
/// </summary>
public static class RowTotals
{
    /// <summary>
    /// <c>1,310 rows came in: 1,000 built, 204 inserted, 6 updated, 100 unchanged; 3 deleted</c> and
    /// <c>8 events came in: 5 applied, 3 merged away</c> with <c>rows from these events: 3 inserted, 1 updated, 1 deleted</c>, of which only what is not
    /// zero; no line where nothing came in.
    /// </summary>
    public static IEnumerable<string> Lines(RunResult result, Palette palette)
    {
        var nodes = result
            .Nodes.Where(node => node.Node.Kind is not PlannedKind.Test)
            .Select(node => node.Rows)
            .OfType<RowCounts>()
            .ToLookup(rows => rows.Applied is not null);
        return new[] { OfRows([.. nodes[false]], palette) }
            .Concat(OfEvents([.. nodes[true]], palette))
            .Where(line => line.Length > 0);
    }

    private static string OfRows(ImmutableArray<RowCounts> nodes, Palette palette)
    {
        var came = Join(
            palette,
            (Built(nodes), "built", Tone.Plain),
            (nodes.Sum(rows => rows.Inserted ?? 0), "inserted", Tone.Plain),
            (nodes.Sum(rows => rows.Updated ?? 0), "updated", Tone.Plain),
            (nodes.Sum(rows => rows.Unchanged ?? 0), "unchanged", Tone.Plain),
            (nodes.Sum(rows => rows.MergedAway ?? 0), "merged away", Tone.Plain),
            (nodes.Sum(rows => rows.Quarantined ?? 0), "quarantined", Tone.Warning)
        );
        var gone = Join(palette, (nodes.Sum(rows => rows.Deleted ?? 0), "deleted", Tone.Plain));
        return Line("row", nodes, came, gone);
    }

    private static IEnumerable<string> OfEvents(ImmutableArray<RowCounts> nodes, Palette palette)
    {
        var came = Join(
            palette,
            (nodes.Sum(rows => rows.Applied ?? 0), "applied", Tone.Plain),
            (nodes.Sum(rows => rows.WithoutEffect ?? 0), "without effect", Tone.Plain),
            (nodes.Sum(rows => rows.MergedAway ?? 0), "merged away", Tone.Plain),
            (nodes.Sum(rows => rows.LateDropped ?? 0), "late-dropped", Tone.Warning),
            (nodes.Sum(rows => rows.TakenBack ?? 0), "taken back", Tone.Warning),
            (nodes.Sum(rows => rows.Quarantined ?? 0), "quarantined", Tone.Warning)
        );
        var rows = Join(
            palette,
            (Built(nodes), "built", Tone.Plain),
            (nodes.Sum(rows => rows.Inserted ?? 0), "inserted", Tone.Plain),
            (nodes.Sum(rows => rows.Updated ?? 0), "updated", Tone.Plain),
            (nodes.Sum(rows => rows.Deleted ?? 0), "deleted", Tone.Plain)
        );
        // two lines, because they count different things and one would be wider than terminals are
        return [Line("event", nodes, came, ""), rows.Length == 0 ? "" : $"rows from these events: {rows}"];
    }

    private static long Built(IEnumerable<RowCounts> nodes) =>
        nodes.Where(rows => rows.Inserted is null).Sum(rows => rows.Out ?? 0);

    private static string Line(string word, ImmutableArray<RowCounts> nodes, string came, string then)
    {
        var read = Words.Count(nodes.Sum(rows => rows.In ?? 0), word);
        return (came, then) switch
        {
            ("", "") => "",
            ("", _) => $"rows: {then}",
            (_, "") => $"{read} came in: {came}",
            _ => $"{read} came in: {came}; {then}",
        };
    }

    private static string Join(
        Palette palette,
        params ReadOnlySpan<(long Count, string Word, Tone Tone)> parts
    )
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
