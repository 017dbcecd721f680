using System.Text.Json.Nodes;

namespace Strata.Simulators.Tests;

/// <param name="Date">The day of the folder.</param>
/// <param name="Event">Null when the line is not JSON.</param>
public sealed record LandedLine(DateOnly Date, string File, string Text, JsonObject? Event)
{
    public string? Field(string name) => Event?[name]?.ToString();

    public DateOnly Happened => DateOnly.FromDateTime(DateTimeOffset.Parse(Field("timestamp")!).UtcDateTime);
}
