using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Runner.Results;
using Strata.Runner.State.Tests;

namespace Strata.Cli.Histories;

/// <summary>How tests ended before: a line each with its last runs as bars; of a single test, a line for each run.</summary>
public sealed class HistoryView(ProjectManifest manifest, ImmutableArray<Node> tests, TestHistory history)
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const string Broken = "×";

    /// <returns>False when there is nothing to show.</returns>
    public bool Write(TextWriter writer, Palette palette, int? width)
    {
        var known = tests.Where(test => history.Of(test.UniqueId).Any()).ToList();
        if (known.Count == 0)
            return false;
        if (known.Count == 1)
            WriteRuns(writer, palette, width, known[0]);
        else
            WriteTests(writer, palette, width, known);
        return true;
    }

    public string ToJson() =>
        JsonLine.Write(json =>
        {
            json.WriteStartArray("tests");
            foreach (var test in tests)
            {
                json.WriteStartObject();
                json.WriteString("id", test.UniqueId);
                json.WriteString("name", test.Name);
                if ((test as UnitTestNode)?.Model is { } model)
                    json.WriteString("node", model);
                if ((test as TestNode)?.AttachedNode is { } node)
                    json.WriteString("node", node);
                if ((test as TestNode)?.Column is { } column)
                    json.WriteString("column_name", column);
                json.WriteStartArray("runs");
                foreach (var run in history.Of(test.UniqueId))
                    WriteRun(json, run);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    private void WriteTests(TextWriter writer, Palette palette, int? width, List<Node> known)
    {
        var table = new TextTable("test", "last", "runs", "figures");
        foreach (var test in known)
        {
            var runs = history.Of(test.UniqueId).ToList();
            table.Add(
                test.Name,
                new TextTable.Cell(runs[0].Status, ToneOf(runs[0].Status)),
                Bar(test, runs),
                Figures(runs[0])
            );
        }
        table.Write(writer, palette, width);
    }

    private void WriteRuns(TextWriter writer, Palette palette, int? width, Node test)
    {
        var runs = history.Of(test.UniqueId).ToList();
        writer.Write($"{palette.Paint(test.Name, Tone.Strong)}  {Bar(test, runs)}\n\n");
        var table = new TextTable("run", "tested at", "status", "figures", "threshold");
        foreach (var run in runs)
        {
            table.Add(
                run.RunId,
                run.TestedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                new TextTable.Cell(run.Status, ToneOf(run.Status)),
                Figures(run),
                new TextTable.Cell(run.Threshold, Tone.Quiet)
            );
        }
        table.Write(writer, palette, width);
    }

    // what was observed where every run observed a number, else how many rows failed; oldest first
    private string Bar(Node test, IReadOnlyList<TestObservation> newestFirst)
    {
        var runs = newestFirst.Reverse().ToList();
        var showsObserved =
            runs.TrueForAll(run => run.ObservedNumber is not null)
            && test is TestNode node
            && !PersonalColumns.Of(manifest, node).HidesObserved;
        var values = runs.ConvertAll(run => showsObserved ? run.ObservedNumber ?? 0 : run.Failures ?? 0);
        var least = showsObserved ? values.Min() : 0;
        var range = values.Max() - least;
        return string.Concat(
            runs.Select(
                (run, i) =>
                    run.Status == "error" ? Broken
                    : range == 0 ? Bars[..1]
                    : Bars[(int)Math.Round((values[i] - least) / range * (Bars.Length - 1))].ToString()
            )
        );
    }

    private static string Figures(TestObservation run) =>
        run.Observed is { } observed ? $"observed {observed}"
        : run.Status == "error" ? ""
        : run is { Failures: { } failures, Checked: { } rows }
            ? $"{Words.Number(failures)} of {Words.Count(rows, "row")}{(run.BatchOnly ? " of the batch" : "")}"
        : Words.Count(run.Failures ?? 0, "failure");

    private static Tone ToneOf(string status) =>
        status switch
        {
            "pass" => Tone.Good,
            "warn" => Tone.Warning,
            _ => Tone.Bad,
        };

    private static void WriteRun(Utf8JsonWriter json, TestObservation run)
    {
        json.WriteStartObject();
        json.WriteString("run_id", run.RunId);
        json.WriteString("tested_at", run.TestedAt.UtcDateTime);
        json.WriteString("status", run.Status);
        if (run.Failures is { } failures)
            json.WriteNumber("failures", failures);
        if (run.Checked is { } rows)
            json.WriteNumber("rows_checked", rows);
        if (run.Percent is { } percent)
            json.WriteNumber("percent", Math.Round(percent, 6));
        if (run.Observed is { } observed)
            json.WriteString("observed", observed);
        json.WriteString("threshold", run.Threshold);
        json.WriteString("severity", run.Severity);
        json.WriteBoolean("batch_only", run.BatchOnly);
        json.WriteNumber("seconds", Math.Round(run.Duration.TotalSeconds, 6));
        json.WriteEndObject();
    }
}
