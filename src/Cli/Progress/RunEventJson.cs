using System.Collections.Immutable;
using System.Text.Json;
using Strata.Cli.Output;
using Strata.Cli.Progress.Summaries;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>The events of <c>--json</c>; their shape is documented in docs/reference/cli.md and only grows.</summary>
public static class RunEventJson
{
    public static string Write(RunEvent runEvent) =>
        JsonLine.Write(json =>
        {
            json.WriteString("event", NameOf(runEvent));
            json.WriteString("at", runEvent.At.UtcDateTime);
            switch (runEvent)
            {
                case RunStarted started:
                    json.WriteString("run_id", started.Plan.RunId);
                    json.WriteString("target", started.Plan.TargetName);
                    json.WriteNumber("nodes", started.Plan.Nodes.Length);
                    break;
                case NodeStarted started:
                    WriteNode(json, started.Node);
                    json.WriteString("phase", started.Phase);
                    break;
                case NodeProgress progress:
                    WriteNode(json, progress.Node);
                    json.WriteNumber("rows", progress.Rows);
                    if (progress.Files is { } files)
                    {
                        json.WriteString("step", files.Step);
                        json.WriteNumber("bytes", files.Bytes);
                        json.WriteNumber("total_bytes", files.TotalBytes);
                    }
                    break;
                case NodeStaged staged:
                    WriteResult(json, staged.Result);
                    break;
                case NodeFinished finished:
                    WriteResult(json, finished.Result);
                    break;
                case GroupPublished published:
                    json.WriteString("group", published.Group);
                    json.WriteNumber("nodes", published.Nodes);
                    WriteSeconds(json, published.Duration);
                    break;
                case DiagnosticRaised raised:
                    WriteDiagnostic(json, raised.Diagnostic);
                    break;
                case RunFinished finished:
                    WriteEnd(json, finished.Result);
                    break;
            }
        });

    /// <summary>The end of a run that began nothing.</summary>
    public static string Write(FailedStart failed, DateTimeOffset at) =>
        JsonLine.Write(json =>
        {
            json.WriteString("event", "run_finished");
            json.WriteString("at", at.UtcDateTime);
            json.WriteString("run_id", failed.RunId);
            json.WriteBoolean("success", false);
            json.WriteBoolean("cancelled", false);
            WriteFailedStart(json, failed);
        });

    /// <summary>That nothing was begun, no totals, and why, into an object that is open.</summary>
    public static void WriteFailedStart(Utf8JsonWriter json, FailedStart failed)
    {
        json.WriteBoolean("started", false);
        json.WriteNumber("exit_code", failed.ExitCode);
        WriteSeconds(json, TimeSpan.Zero);
        json.WriteStartObject("outcomes");
        json.WriteEndObject();
        json.WriteStartObject("tests");
        json.WriteEndObject();
        WriteDiagnostics(json, failed.Diagnostics);
    }

    /// <summary>The properties of a diagnostic, into an object that is open.</summary>
    public static void WriteDiagnostic(Utf8JsonWriter json, Diagnostic diagnostic)
    {
        json.WriteString("code", diagnostic.Code);
        json.WriteString("severity", diagnostic.IsError ? "error" : "warning");
        json.WriteString("message", diagnostic.Message);
        if (diagnostic.Span is { } span)
        {
            json.WriteString("path", span.File.Path);
            json.WriteNumber("line", span.Start.Line);
            json.WriteNumber("column", span.Start.Column);
        }
        if (!diagnostic.Details.IsEmpty)
            json.WriteString("details", string.Join('\n', diagnostic.Details));
        if (diagnostic.Hint is { } hint)
            json.WriteString("hint", hint);
    }

    public static void WriteDiagnostics(Utf8JsonWriter json, ImmutableArray<Diagnostic> diagnostics)
    {
        json.WriteStartArray("diagnostics");
        foreach (var diagnostic in diagnostics)
        {
            json.WriteStartObject();
            WriteDiagnostic(json, diagnostic);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string NameOf(RunEvent runEvent) =>
        runEvent switch
        {
            RunStarted => "run_started",
            NodeStarted => "node_started",
            NodeProgress => "node_progress",
            NodeStaged => "node_staged",
            NodeFinished => "node_finished",
            GroupPublished => "group_published",
            DiagnosticRaised => "diagnostic",
            RunFinished => "run_finished",
            _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(runEvent.GetType().Name),
        };

    private static void WriteNode(Utf8JsonWriter json, PlannedNode node)
    {
        json.WriteString("id", node.Id);
        json.WriteString("name", node.Name);
        json.WriteString("kind", Snake(node.Kind));
        json.WriteString("action", Snake(node.Action));
        json.WriteString("connection", node.Connection);
        if (node.Relation is { } relation)
            json.WriteString("relation", relation.ToString());
    }

    /// <summary>How a node and its tests ended, into an object that is open.</summary>
    public static void WriteResult(Utf8JsonWriter json, NodeResult result)
    {
        WriteNode(json, result.Node);
        json.WriteString("outcome", Snake(result.Outcome));
        WriteSeconds(json, result.Duration);
        if (result.Because is { } because)
            json.WriteString("because", because);
        json.WriteStartObject("phases");
        foreach (var (phase, duration) in result.Timings)
            json.WriteNumber(phase, Seconds(duration));
        json.WriteEndObject();
        if (result.Rows is { } rows)
            WriteRows(json, rows);
        json.WriteStartArray("tests");
        foreach (var test in result.Tests)
        {
            json.WriteStartObject();
            json.WriteString("name", test.Test.Name);
            json.WriteString("status", Snake(test.Status));
            if (test.Failures is { } failures)
                json.WriteNumber("failures", failures);
            WriteSeconds(json, test.Duration);
            TestResultJson.WriteMembers(json, test);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteUnitTests(json, result.UnitTests);
        WriteDiagnostics(
            json,
            [
                .. result.Diagnostics,
                .. result.Tests.SelectMany(test => test.Diagnostics),
                .. result.UnitTests.SelectMany(test => test.Diagnostics),
            ]
        );
    }

    private static void WriteUnitTests(Utf8JsonWriter json, ImmutableArray<UnitTestResult> tests)
    {
        if (tests.IsEmpty)
            return;
        json.WriteStartArray("unit_tests");
        foreach (var test in tests)
        {
            json.WriteStartObject();
            json.WriteString("name", test.Test.Name);
            json.WriteString("status", Snake(test.Status));
            if (test.Differences is { } differences)
                json.WriteNumber("differences", differences);
            WriteSeconds(json, test.Duration);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRows(Utf8JsonWriter json, RowCounts rows)
    {
        json.WriteStartObject("rows");
        foreach (
            var (name, count) in new (string, long?)[]
            {
                ("in", rows.In),
                ("out", rows.Out),
                ("inserted", rows.Inserted),
                ("updated", rows.Updated),
                ("unchanged", rows.Unchanged),
                ("deleted", rows.Deleted),
                ("merged_away", rows.MergedAway),
                ("quarantined", rows.Quarantined),
                ("applied", rows.Applied),
                ("without_effect", rows.WithoutEffect),
                ("late_dropped", rows.LateDropped),
                ("taken_back", rows.TakenBack),
            }
        )
        {
            if (count is { } known)
                json.WriteNumber(name, known);
        }
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, RunResult result)
    {
        json.WriteBoolean("success", result.IsSuccess);
        json.WriteBoolean("cancelled", result.WasCancelled);
        WriteTotals(json, result);
    }

    /// <summary>How long a run took and how many nodes and tests ended how.</summary>
    public static void WriteTotals(Utf8JsonWriter json, RunResult result)
    {
        WriteSeconds(json, result.Duration);
        json.WriteStartObject("outcomes");
        foreach (var group in result.Nodes.GroupBy(node => node.Outcome).OrderBy(group => group.Key))
            json.WriteNumber(Snake(group.Key), group.Count());
        json.WriteEndObject();
        json.WriteStartObject("tests");
        foreach (var (status, count) in new RunTotals(result).Tests.OrderBy(pair => pair.Key))
            json.WriteNumber(Snake(status), count);
        json.WriteEndObject();
        if (new RunTotals(result).UnitTests is not { Count: > 0 } unitTests)
            return;
        json.WriteStartObject("unit_tests");
        foreach (var (status, count) in unitTests.OrderBy(pair => pair.Key))
            json.WriteNumber(Snake(status), count);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, TimeSpan duration) =>
        json.WriteNumber("seconds", Seconds(duration));

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 3);

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
