using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>The end of a run: what came out, what is published, how long it took, what to do next.</summary>
public sealed class RunSummary(RunResult result, ImmutableArray<GroupPublished> published, Palette palette)
{
    // more than that is no table that anybody enjoys
    private const int MostRows = 60;

    /// <summary>The lines that close every run, on a terminal or not.</summary>
    public void WriteTotals(TextWriter writer)
    {
        if (result.Nodes.IsEmpty)
            return;
        var totals = new RunTotals(result);
        string[] parts =
        [
            totals.Nodes(palette),
            totals.TestsLine(palette),
            palette.Paint(Words.Duration(result.Duration), Tone.Strong),
        ];
        writer.Write(string.Join("; ", parts.Where(part => part.Length > 0)) + "\n");
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

    /// <summary>Every node by layer, for a person.</summary>
    public void WriteTable(TextWriter writer, ProjectManifest manifest, int width)
    {
        var nodes = result.Nodes.Where(node => node.Node.Kind is not PlannedKind.Test).ToList();
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
        if (result.Nodes.Any(node => node.Outcome is Outcome.Failed))
            return $"'{command}' goes on from here once that is mended: what is built stays built";
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
        private readonly int _name;
        private readonly int _rows;
        private readonly int _changes;
        private const int Tests = 5;
        private const int Time = 6;

        public Sizes(IReadOnlyList<Row> rows, int width)
        {
            _rows = Math.Max(4, rows.Max(row => row.Rows.Length));
            _changes = Math.Max(7, rows.Max(row => row.Changes.Length));
            var rest = 4 + 2 + _rows + 2 + _changes + 2 + Tests + 2 + Time;
            _name = Math.Clamp(
                rows.Max(row => DisplayWidth.Of(row.Result.Node.Name)),
                12,
                Math.Max(12, width - rest)
            );
        }

        public string Heading(Palette palette) =>
            palette.Paint(Join("", "", "rows", "changes", "tests", "time"), Tone.Quiet) + "\n";

        public string Line(Row row, Palette palette)
        {
            var outcome = row.Result.Outcome;
            var line = Join(
                "",
                DisplayWidth.Cut(row.Result.Node.Name, _name),
                row.Rows,
                row.Changes,
                row.Tests,
                row.Time
            );
            var text = outcome is Outcome.Fresh or Outcome.Skipped
                ? palette.Paint(line[3..], Tone.Quiet)
                : line[3..];
            return $"  {palette.Paint(NodeWords.Glyph(outcome), NodeWords.ToneOf(outcome))}{text}\n";
        }

        private string Join(
            string mark,
            string name,
            string rows,
            string changes,
            string tests,
            string time
        ) =>
            $"  {mark, 1} {DisplayWidth.PadRight(name, _name)}  {rows.PadLeft(_rows)}  {changes.PadLeft(_changes)}  {tests.PadLeft(Tests)}  {time.PadLeft(Time)}";
    }
}
