using System.Text.Json.Serialization;

namespace Strata.Conformance.Scriban;

/// <summary>The errors of the reference; only their lines and files are judged.</summary>
public sealed record ScribanCaseError
{
    [JsonPropertyName("messages")]
    public IReadOnlyList<Place> Messages { get; init; } = [];

    public sealed record Place
    {
        [JsonPropertyName("line")]
        public int Line { get; init; }

        [JsonPropertyName("file")]
        public string? File { get; init; }
    }
}
