using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress.Summaries;

/// <summary>The end of a run: what came out, what is published, how long it took, what to do next.</summary>
public sealed class RunSummary(RunResult result, ImmutableArray<GroupPublished> published, Palette palette)
{
    // more than that is no table that anybody enjoys
    private const int MostRows = 60;
    private const int MostRemarks = 10;

    /// <summary>The lines that close every run, on a terminal or not.</summary>
    public void WriteTotals(TextWriter writer)
    {
        var totals = new RunTotals(result);
        string[] parts =
        [
            totals.Nodes(palette),
            totals.TestsLine(palette),
            totals.UnitTestsLine(palette),
            palette.Paint(Words.Duration(result.Duration), Tone.Strong),
        ];
        writer.Write(string.Join("; ", parts.Where(part => part.Length > 0)) + "\n");
        WriteRemarks(writer);
        var read = result.Nodes.Where(node => node.Outcome is Outcome.Succeeded or Outcome.Warned);
        foreach (var again in read.Where(node => node.Node.ReadsAgain is not null))
            writer.Write(
                palette.Paint($"{again.Node.Name} read everything again: {again.Node.ReadsAgain}", Tone.Quiet)
                    + "\n"
            );
        var changed = OldRowsLines().ToList();
        foreach (var line in changed.Take(MostRemarks))
            writer.Write(palette.Paint(line, Tone.Quiet) + "\n");
        if (changed.Count > MostRemarks)
            writer.Write(
                palette.Paint(
                    $"... and {Words.Count(changed.Count - MostRemarks, "more model")} with a new definition",
                    Tone.Quiet
                ) + "\n"
            );
        foreach (var line in RowTotals.Lines(result, palette))
            writer.Write(line + "\n");
        if (LostColumnsLine() is { } lost)
            writer.Write(palette.Paint(lost, Tone.Warning) + "\n");
        if (UnreadLine() is { } unread)
            writer.Write(palette.Paint(unread, Tone.Warning) + "\n");
        if (result.WasCancelled)
            writer.Write("cancelled: finished nodes are published, everything else is as it was before\n");
        foreach (var group in published)
        {
            writer.Write(
                $"published {palette.Paint(group.Group, Tone.Strong)}: {Words.Count(group.Nodes, "relation")} in one transaction, {Words.Duration(group.Duration)}\n"
            );
        }
        foreach (var group in HeldGroups())
        {
            writer.Write(
                palette.Paint(
                    $"not published: {group}; its readers still see the last good run",
                    Tone.Warning
                ) + "\n"
            );
        }
    }

    // a test that passes without having compared anything should not look like one that did
    private void WriteRemarks(TextWriter writer)
    {
        var remarks = result
            .Nodes.SelectMany(node => node.Tests)
            .Where(test => test is { Status: TestStatus.Pass, IsRemark: true })
            .ToList();
        foreach (var test in remarks.Take(MostRemarks))
            writer.Write(palette.Paint($"{test.Test.Name}: {test.Note}", Tone.Quiet) + "\n");
        if (remarks.Count > MostRemarks)
            writer.Write(
                palette.Paint($"... and {Words.Count(remarks.Count - MostRemarks, "more test")}", Tone.Quiet)
                    + "\n"
            );
    }

    /// <summary>Every node by layer, for a person.</summary>
    public void WriteTable(TextWriter writer, ProjectManifest manifest, int width)
    {
        var nodes = result
            .Nodes.Where(node => node.Node.Kind is not (PlannedKind.Test or PlannedKind.UnitTest))
            .ToList();
        if (nodes.Count > MostRows)
            nodes = [.. nodes.Where(node => node.Outcome is not (Outcome.Succeeded or Outcome.Fresh))];
        if (nodes.Count == 0)
            return;
        var rows = nodes.Select(node => new Row(node, LayerOf(node.Node, manifest))).ToList();
        var sizes = new Sizes(rows, width);
        writer.Write(sizes.Heading(palette));
        foreach (var layer in rows.GroupBy(row => row.Layer))
        {
            writer.Write(palette.Paint(layer.Key, Tone.Strong) + "\n");
            foreach (var row in layer)
                writer.Write(sizes.Line(row, palette));
        }
        writer.Write("\n");
    }

    /// <summary>A model to look at, or how to go on after a failure.</summary>
    public string? NextStep(string command)
    {
        if (result.Nodes.Any(node => node.Outcome is Outcome.Failed or Outcome.PartialSuccess))
            return $"fix that and run '{command}' again: it goes on from here, and what is built stays built";
        var read = result.Nodes.SelectMany(node => node.Node.DependsOn).ToHashSet();
        return
            result.Nodes.LastOrDefault(node =>
                node.Node.Kind is PlannedKind.Model
                && node.Outcome is Outcome.Succeeded or Outcome.Warned
                && !read.Contains(node.Node.Id)
            )
                is { } last
            ? $"strata show {last.Node.Name}"
            : null;
    }

    /// <summary>Models whose definition has changed, and which have not been made anew by it.</summary>
    private IEnumerable<string> OldRowsLines() =>
        from node in result.Nodes
        where node is { Node.OldRows: not null, Outcome: Outcome.Succeeded or Outcome.Warned }
        let rows = node.Node.OldRows > 0 ? $" ({Words.Count(node.Node.OldRows.Value, "row")})" : ""
        select $"{node.Node.Name} has a new definition, but what it has read before{rows} is not read again; --full-refresh -s {node.Node.Name} rebuilds it";

    private string? LostColumnsLine()
    {
        var lost = result.Nodes.Sum(node => node.LostColumns);
        return lost == 0 ? null : $"not kept: {Words.Count(lost, "column")} of landed files";
    }

    /// <summary>One line, however many there are; null where there is none.</summary>
    private string? UnreadLine()
    {
        if (result.UnreadFiles.IsEmpty)
            return null;
        var paths = result.UnreadFiles.SelectMany(of => of.Paths).Distinct().ToList();
        var what =
            paths.Count == 1
                ? $"'{paths[0]}' still cannot be read"
                : $"{Words.Number(paths.Count)} landed files still cannot be read, '{paths[0]}' among them";
        return $"left out: {what}; 'strata quarantine show {result.UnreadFiles[0].Model} --landed' says why";
    }

    private IEnumerable<string> HeldGroups() =>
        result
            .Nodes.Where(node => node.Outcome is Outcome.HeldBack)
            .Select(node => node.Node.PublishGroup)
            .OfType<string>()
            .Distinct();

    private static string LayerOf(PlannedNode node, ProjectManifest manifest)
    {
        var layer = manifest.Nodes.GetValueOrDefault(node.Id) switch
        {
            ModelNode model => model.Layer,
            SeedNode seed => seed.Layer ?? "seeds",
            _ => null,
        };
        return (node.Kind, layer) switch
        {
            (PlannedKind.Transfer, _) => $"to {node.Connection}",
            (_, null) => node.Connection,
            _ => $"{layer} on {node.Connection}",
        };
    }

    private sealed record Row(NodeResult Result, string Layer)
    {
        public string Rows => (Result.Rows?.Out ?? Result.Rows?.In) is { } count ? Words.Number(count) : "";

        public string Changes => NodeWords.Changes(Result.Rows);

        public string Tests => Result.Tests.IsEmpty ? "" : Words.Number(Result.Tests.Length);

        public string Time =>
            Result.Outcome is Outcome.Skipped or Outcome.Fresh or Outcome.Cancelled
                ? NodeWords.Outcome(Result.Outcome)
                : Words.Duration(Result.Duration);
    }

    private sealed class Sizes
    {
        private const int Time = 6;

        private readonly int _name;
        private readonly int _rows;
        private readonly int _changes;
        private readonly int _tests;

        public Sizes(IReadOnlyList<Row> rows, int width)
        {
            _rows = WidthOf("rows", rows.Select(row => row.Rows));
            _changes = WidthOf("changes", rows.Select(row => row.Changes));
            _tests = WidthOf("tests", rows.Select(row => row.Tests));
            var rest = 4 + 2 + Time + new[] { _rows, _changes, _tests }.Sum(size => size == 0 ? 0 : size + 2);
            var longest = rows.Max(row => DisplayWidth.Of(row.Result.Node.Name));
            _name = Math.Clamp(longest, 12, Math.Max(12, width - rest));
        }

        public string Heading(Palette palette) =>
            palette.Paint("    " + Columns("", "rows", "changes", "tests", "time"), Tone.Quiet) + "\n";

        public string Line(Row row, Palette palette)
        {
            var outcome = row.Result.Outcome;
            var name = DisplayWidth.Cut(row.Result.Node.Name, _name);
            var columns = Columns(name, row.Rows, row.Changes, row.Tests, row.Time);
            var tone = outcome is Outcome.Fresh or Outcome.Skipped ? Tone.Quiet : Tone.Plain;
            var glyph = palette.Paint(NodeWords.Glyph(outcome), NodeWords.ToneOf(outcome));
            return $"  {glyph} {palette.Paint(columns, tone)}\n";
        }

        // a column that nothing stands in is not shown
        private static int WidthOf(string title, IEnumerable<string> texts)
        {
            var widest = texts.Max(text => text.Length);
            return widest == 0 ? 0 : Math.Max(widest, title.Length);
        }

        private string Columns(string name, string rows, string changes, string tests, string time) =>
            DisplayWidth.PadRight(name, _name)
            + Column(rows, _rows)
            + Column(changes, _changes)
            + Column(tests, _tests)
            + "  "
            + time.PadLeft(Time);

        private static string Column(string text, int width) => width == 0 ? "" : "  " + text.PadLeft(width);
    }
}
