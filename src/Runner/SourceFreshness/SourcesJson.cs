using System.Globalization;
using System.Text.Json;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Results;

namespace Strata.Runner.SourceFreshness;

/// <summary>
/// Writes sources.json in the shape of dbt's version 3, so that tools that read dbt's artifacts work; what dbt has no
/// place for stands in a member <c>strata</c> of each result.
/// </summary>
public static class SourcesJson
{
    private const string Schema = "https://schemas.getdbt.com/dbt/sources/v3.json";

    public static void Write(
        Stream output,
        FreshnessReport report,
        string strataVersion,
        DateTimeOffset generatedAt
    )
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        DbtArtifact.WriteMetadata(json, Schema, strataVersion, generatedAt, report.RunId);
        json.WriteStartArray("results");
        foreach (var result in report.Results)
            Write(json, result);
        json.WriteEndArray();
        json.WriteNumber("elapsed_time", Math.Round(report.Duration.TotalSeconds, 6));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FreshnessResult result)
    {
        json.WriteStartObject();
        json.WriteString("unique_id", result.Source.UniqueId);
        if (result.Status == FreshnessStatus.RuntimeError)
        {
            json.WriteString("error", result.Diagnostic?.Message);
            json.WriteString("status", "runtime error");
        }
        else
        {
            // dbt's way to write "never"
            var loadedAt = result.LoadedAt ?? DateTimeOffset.MinValue;
            json.WriteString("max_loaded_at", DbtArtifact.Instant(loadedAt));
            json.WriteString("snapshotted_at", DbtArtifact.Instant(result.LookedAt));
            json.WriteNumber(
                "max_loaded_at_time_ago_in_s",
                Math.Round((result.LookedAt - loadedAt).TotalSeconds, 6)
            );
            json.WriteString("status", FreshnessWords.Of(result.Status));
            json.WriteStartObject("criteria");
            WriteLimit(json, "warn_after", result.Freshness.WarnAfter);
            WriteLimit(json, "error_after", result.Freshness.ErrorAfter);
            json.WriteString("filter", result.Freshness.Filter);
            json.WriteEndObject();
            json.WriteStartObject("adapter_response");
            json.WriteEndObject();
            json.WriteStartArray("timing");
            json.WriteEndArray();
            json.WriteString("thread_id", "");
            json.WriteNumber("execution_time", Math.Round(result.Duration.TotalSeconds, 6));
        }
        json.WriteStartObject("strata");
        json.WriteString("basis", FreshnessWords.Of(result.Basis));
        json.WriteBoolean("taken_for_utc", result.WasWithoutZone);
        if (result.Diagnostic is { } diagnostic)
        {
            json.WriteString("code", diagnostic.Code);
            json.WriteString("message", diagnostic.Message);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, string name, FreshnessLimit? limit)
    {
        json.WriteStartObject(name);
        if (limit is null)
        {
            json.WriteNull("count");
            json.WriteNull("period");
        }
        else
        {
            json.WriteNumber("count", limit.Count);
            json.WriteString("period", limit.Period.ToString().ToLowerInvariant());
        }
        json.WriteEndObject();
    }
}
