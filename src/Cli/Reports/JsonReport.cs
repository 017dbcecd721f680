using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strata.Cli.Progress;
using Strata.Cli.Session;
using Strata.Runner.Results;

namespace Strata.Cli.Reports;

/// <summary>The run as one JSON document; its shape is documented in docs/guide/test-results.md and only grows.</summary>
public static class JsonReport
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(RunReport report) => Write(json => Write(json, report));

    public static string Write(FailedStart failed) => Write(json => Write(json, failed));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, FailedStart failed)
    {
        json.WriteStartObject();
        json.WriteNumber("report_version", 1);
        json.WriteString("strata_version", ProductVersion.Text);
        json.WriteString("project", failed.ProjectName);
        json.WriteString("target", failed.TargetName);
        json.WriteString("command", failed.Command);
        json.WriteString("run_id", failed.RunId);
        json.WriteString("started_at", failed.StartedAt.UtcDateTime);
        json.WriteBoolean("success", false);
        json.WriteBoolean("cancelled", false);
        json.WriteStartArray("nodes");
        json.WriteEndArray();
        RunEventJson.WriteFailedStart(json, failed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunReport report)
    {
        var result = report.Result;
        json.WriteStartObject();
        json.WriteNumber("report_version", 1);
        json.WriteString("strata_version", report.Version);
        json.WriteString("project", report.Manifest.ProjectName);
        json.WriteString("target", result.Plan.TargetName);
        json.WriteString("command", report.Command);
        json.WriteString("run_id", result.Plan.RunId);
        json.WriteString("started_at", result.Plan.StartedAt.UtcDateTime);
        json.WriteBoolean("success", result.IsSuccess);
        json.WriteBoolean("cancelled", result.WasCancelled);
        RunEventJson.WriteTotals(json, result);
        json.WriteStartArray("nodes");
        foreach (var node in result.Nodes)
        {
            json.WriteStartObject();
            RunEventJson.WriteResult(json, node);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        RunEventJson.WriteDiagnostics(json, result.Diagnostics);
        json.WriteEndObject();
    }
}
