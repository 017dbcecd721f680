using System.Globalization;
using System.Text.Json;

namespace Strata.Runner.Results;

/// <summary>What dbt's artifacts have in common, so that tools that read them work.</summary>
internal static class DbtArtifact
{
    /// <summary>Whose shapes are written.</summary>
    private const string DbtVersion = "1.12.0";

    /// <param name="schema">The address of the artifact's JSON Schema.</param>
    /// <param name="strataVersion">The product's version.</param>
    public static void WriteMetadata(
        Utf8JsonWriter json,
        string schema,
        string strataVersion,
        DateTimeOffset generatedAt,
        string runId
    )
    {
        json.WriteStartObject("metadata");
        json.WriteString("dbt_schema_version", schema);
        json.WriteString("dbt_version", DbtVersion);
        json.WriteString("strata_version", strataVersion);
        json.WriteString("generated_at", Instant(generatedAt));
        json.WriteString("invocation_id", runId);
        json.WriteStartObject("env");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
