using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Planning;

namespace Strata.Runner.Results;

/// <summary>
/// Writes run_results.json in the shape of dbt's version 6, so that tools that read dbt's artifacts work; what
/// dbt has no place for stands in a member <c>strata</c> of each result and of the whole.
/// </summary>
public static class RunResultsJson
{
    private const string Schema = "https://schemas.getdbt.com/dbt/run-results/v6.json";

    // of runs that did start it is left out
    private const string Started = "started";

    /// <param name="command">The command line, for <c>args</c>.</param>
    /// <param name="strataVersion">The product's version.</param>
    public static void Write(
        Stream output,
        RunResult result,
        ProjectManifest manifest,
        string command,
        string strataVersion,
        DateTimeOffset generatedAt
    )
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        DbtArtifact.WriteMetadata(json, Schema, strataVersion, generatedAt, result.Plan.RunId);
        json.WriteStartArray("results");
        foreach (var node in result.Nodes)
        {
            WriteNode(json, node, manifest, result.Plan.StartedAt);
            foreach (var test in node.Tests)
                WriteTest(json, test);
            foreach (var test in node.UnitTests)
                WriteUnitTest(json, test);
        }
        json.WriteEndArray();
        json.WriteNumber("elapsed_time", Math.Round(result.Duration.TotalSeconds, 6));
        json.WriteStartObject("args");
        json.WriteString("invocation_command", command);
        json.WriteString("target", result.Plan.TargetName);
        json.WriteEndObject();
        json.WriteStartObject("strata");
        json.WriteString("run_id", result.Plan.RunId);
        json.WriteBoolean("success", result.IsSuccess);
        json.WriteBoolean("cancelled", result.WasCancelled);
        WriteUnread(json, result);
        WriteDiagnostics(json, result.Diagnostics);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the results of a run that began nothing: none, and why.</summary>
    public static void WriteNotStarted(
        Stream output,
        RunNotStarted run,
        string command,
        string strataVersion,
        DateTimeOffset generatedAt
    )
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        DbtArtifact.WriteMetadata(json, Schema, strataVersion, generatedAt, run.RunId);
        json.WriteStartArray("results");
        json.WriteEndArray();
        json.WriteNumber("elapsed_time", 0);
        json.WriteStartObject("args");
        json.WriteString("invocation_command", command);
        WriteString(json, "target", run.TargetName);
        json.WriteEndObject();
        json.WriteStartObject("strata");
        json.WriteString("run_id", run.RunId);
        json.WriteBoolean("success", false);
        json.WriteBoolean("cancelled", false);
        json.WriteBoolean(Started, false);
        json.WriteNumber("exit_code", run.ExitCode);
        WriteDiagnostics(json, "errors", run.Diagnostics.Where(diagnostic => diagnostic.IsError));
        WriteDiagnostics(json, "diagnostics", run.Diagnostics);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Whether these are the results of a run that began nothing.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsNotStarted(Stream results)
    {
        using var document = JsonDocument.Parse(results);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("strata", out var own)
            && own.ValueKind == JsonValueKind.Object
            && own.TryGetProperty(Started, out var started)
            && started.ValueKind == JsonValueKind.False;
    }

    private static void WriteUnread(Utf8JsonWriter json, RunResult result)
    {
        if (result.UnreadFiles.IsEmpty)
            return;
        json.WriteStartArray("unread_files");
        foreach (var of in result.UnreadFiles)
        {
            foreach (var path in of.Paths)
            {
                json.WriteStartObject();
                json.WriteString("model", of.Model);
                json.WriteString("path", path);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    private static void WriteNode(
        Utf8JsonWriter json,
        NodeResult node,
        ProjectManifest manifest,
        DateTimeOffset startedAt
    )
    {
        // a planned node that only holds tests is no result of its own in dbt's terms
        if (node.Node.Kind is PlannedKind.Test or PlannedKind.UnitTest)
            return;
        json.WriteStartObject();
        json.WriteString("unique_id", node.Node.Id);
        json.WriteString("status", Status(node.Outcome));
        json.WriteString("thread_id", "Thread-1");
        json.WriteNumber("execution_time", Math.Round(node.Duration.TotalSeconds, 6));
        json.WriteStartArray("timing");
        var at = startedAt;
        foreach (var (phase, duration) in node.Timings)
        {
            json.WriteStartObject();
            json.WriteString("name", phase);
            json.WriteString("started_at", DbtArtifact.Instant(at));
            json.WriteString("completed_at", DbtArtifact.Instant(at += duration));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteString(json, "message", Message(node));
        json.WriteNull("failures");
        json.WriteStartObject("adapter_response");
        if (node.Rows is { } rows)
            WriteNumber(
                json,
                "rows_affected",
                (rows.Inserted ?? rows.Out ?? 0) + (rows.Updated ?? 0) + (rows.Deleted ?? 0)
            );
        json.WriteEndObject();
        json.WriteBoolean("compiled", Sql(node, manifest) is not null);
        WriteString(json, "compiled_code", Sql(node, manifest)?.Text);
        WriteString(json, "relation_name", node.Node.Relation?.ToString());
        if (!node.Batches.IsEmpty)
            WriteBatches(json, node.Batches);
        WriteStrata(json, node);
        json.WriteEndObject();
    }

    private static void WriteBatches(Utf8JsonWriter json, ImmutableArray<BatchResult> batches)
    {
        json.WriteStartObject("batch_results");
        foreach (var published in new[] { true, false })
        {
            json.WriteStartArray(published ? "successful" : "failed");
            foreach (var batch in batches.Where(batch => batch.IsPublished == published))
            {
                json.WriteStartArray();
                WriteInstant(json, batch.Period.Start);
                WriteInstant(json, batch.Period.End);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteInstant(Utf8JsonWriter json, DateTimeOffset? instant)
    {
        if (instant is { } at)
            json.WriteStringValue(DbtArtifact.Instant(at));
        else
            json.WriteNullValue();
    }

    private static void WriteStrata(Utf8JsonWriter json, NodeResult node)
    {
        json.WriteStartObject("strata");
        json.WriteString("kind", Word(node.Node.Kind));
        json.WriteString("action", Word(node.Node.Action));
        json.WriteString("outcome", OutcomeWord(node.Outcome));
        json.WriteString("reason", node.Node.Reason);
        json.WriteString("connection", node.Node.Connection);
        WriteString(json, "writer", node.Node.Writer);
        WriteString(json, "writer_reason", node.Node.WriterReason);
        WriteString(json, "publish_group", node.Node.PublishGroup);
        WriteString(json, "because", node.Because);
        if (node.Rows is { } rows)
        {
            json.WriteStartObject("rows");
            WriteNumber(json, "in", rows.In);
            WriteNumber(json, "out", rows.Out);
            WriteNumber(json, "inserted", rows.Inserted);
            WriteNumber(json, "updated", rows.Updated);
            WriteNumber(json, "unchanged", rows.Unchanged);
            WriteNumber(json, "deleted", rows.Deleted);
            WriteNumber(json, "merged_away", rows.MergedAway);
            WriteNumber(json, "quarantined", rows.Quarantined);
            WriteNumber(json, "applied", rows.Applied);
            WriteNumber(json, "without_effect", rows.WithoutEffect);
            WriteNumber(json, "late_dropped", rows.LateDropped);
            WriteNumber(json, "taken_back", rows.TakenBack);
            WriteNumber(json, "replayed", rows.Replayed);
            json.WriteEndObject();
        }
        if (node.LostColumns > 0)
            json.WriteNumber("lost_columns", node.LostColumns);
        WriteDiagnostics(json, node.Diagnostics);
        json.WriteEndObject();
    }

    private static void WriteTest(Utf8JsonWriter json, TestResult test)
    {
        json.WriteStartObject();
        json.WriteString("unique_id", test.Test.UniqueId);
        json.WriteString("status", Word(test.Status));
        json.WriteString("thread_id", "Thread-1");
        json.WriteNumber("execution_time", Math.Round(test.Duration.TotalSeconds, 6));
        json.WriteStartArray("timing");
        json.WriteEndArray();
        WriteString(
            json,
            "message",
            (
                test.Diagnostics.FirstOrDefault(one => one.IsError) ?? test.Diagnostics.FirstOrDefault()
            )?.Message
        );
        WriteNumber(json, "failures", test.Failures);
        json.WriteStartObject("adapter_response");
        json.WriteEndObject();
        json.WriteBoolean("compiled", true);
        WriteString(json, "compiled_code", test.FailingRowsSql ?? test.Test.Query?.Text);
        WriteString(json, "relation_name", test.StoredIn);
        json.WriteStartObject("strata");
        TestResultJson.WriteMembers(json, test);
        WriteDiagnostics(json, test.Diagnostics);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteUnitTest(Utf8JsonWriter json, UnitTestResult test)
    {
        json.WriteStartObject();
        json.WriteString("unique_id", test.Test.UniqueId);
        json.WriteString("status", Word(test.Status));
        json.WriteString("thread_id", "Thread-1");
        json.WriteNumber("execution_time", Math.Round(test.Duration.TotalSeconds, 6));
        json.WriteStartArray("timing");
        json.WriteEndArray();
        WriteString(json, "message", test.Diagnostics.FirstOrDefault(one => one.IsError)?.Message);
        WriteNumber(json, "failures", test.Differences);
        json.WriteStartObject("adapter_response");
        json.WriteEndObject();
        json.WriteBoolean("compiled", true);
        json.WriteString("compiled_code", test.Test.Sql.Text);
        json.WriteNull("relation_name");
        json.WriteStartObject("strata");
        WriteDiagnostics(json, test.Diagnostics);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDiagnostics(Utf8JsonWriter json, ImmutableArray<Diagnostic> diagnostics) =>
        WriteDiagnostics(json, "diagnostics", diagnostics);

    private static void WriteDiagnostics(
        Utf8JsonWriter json,
        string name,
        IEnumerable<Diagnostic> diagnostics
    )
    {
        json.WriteStartArray(name);
        foreach (var diagnostic in diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("code", diagnostic.Code);
            json.WriteString("severity", diagnostic.IsError ? "error" : "warning");
            json.WriteString("message", diagnostic.Message);
            if (diagnostic.Span is { } span)
            {
                json.WriteString("path", span.File.Path);
                json.WriteNumber("line", span.Start.Line);
                json.WriteNumber("column", span.Start.Column);
            }
            json.WriteStartArray("details");
            foreach (var detail in diagnostic.Details)
                json.WriteStringValue(detail);
            json.WriteEndArray();
            WriteString(json, "hint", diagnostic.Hint);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static CompiledSql? Sql(NodeResult node, ProjectManifest manifest) =>
        manifest.Find<ModelNode>(node.Node.Id) is { } model
            ? node.Node.Action == PlannedAction.Incremental
                ? model.Incremental ?? model.Full
                : model.Full
            : null;

    private static string? Message(NodeResult node) =>
        node.Diagnostics.FirstOrDefault(d => d.IsError) is { } error ? $"{error.Code}: {error.Message}"
        : node.Because is { } because ? $"{OutcomeWord(node.Outcome)} because of {because}"
        : node.Node.Reason;

    /// <summary>The nearest of dbt's words.</summary>
    private static string Status(Outcome outcome) =>
        outcome switch
        {
            Outcome.Succeeded or Outcome.Warned => "success",
            Outcome.Fresh => "no-op",
            Outcome.Failed => "error",
            Outcome.PartialSuccess => "partial success",
            Outcome.Skipped or Outcome.HeldBack or Outcome.Cancelled => "skipped",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };

    private static string OutcomeWord(Outcome outcome) =>
        outcome switch
        {
            Outcome.HeldBack => "held back",
            Outcome.PartialSuccess => "partial success",
            _ => Word(outcome),
        };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void WriteString(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
            json.WriteNull(name);
        else
            json.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
