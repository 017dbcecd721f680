using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Conformance.Scriban;

/// <summary>A line of cases.jsonl; the corpus's README explains the fields.</summary>
public sealed record ScribanCase
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("category")]
    public required string Category { get; init; }

    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "scriban";

    [JsonPropertyName("template")]
    public required string Template { get; init; }

    [JsonPropertyName("model")]
    public JsonElement? Model { get; init; }

    [JsonPropertyName("functions")]
    public IReadOnlyList<string>? Functions { get; init; }

    [JsonPropertyName("templates")]
    public IReadOnlyDictionary<string, string>? Templates { get; init; }

    [JsonPropertyName("options")]
    public IReadOnlyDictionary<string, JsonElement>? Options { get; init; }

    [JsonPropertyName("expected")]
    public string? Expected { get; init; }

    [JsonPropertyName("expected_regex")]
    public string? ExpectedRegex { get; init; }

    [JsonPropertyName("expects_error")]
    public bool ExpectsError { get; init; }

    [JsonPropertyName("error")]
    public ScribanCaseError? Error { get; init; }
}
