using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strata.Cli.Progress;
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

    public static string Write(RunReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, report);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
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
