using System.Text.Json;
using System.Text.Json.Nodes;
using Strata.Simulators.Events;

namespace Strata.Simulators.Tests;

/// <summary>A landing zone read back by other means than the simulator's own: line by line, as JSON.</summary>
public sealed class LandedEvents : IDisposable
{
    private static readonly string[] EventTypes = ["login", "click", "purchase", "logout"];
    private readonly TemporaryFolder _folder = new();

    public LandedEvents()
        : this(
            new SimulatorOptions
            {
                Out = "",
                Events = 60_000,
                Days = 20,
            }
        ) { }

    private LandedEvents(SimulatorOptions options)
    {
        Report = new Simulation(options with { Out = _folder.Path }).Run(CancellationToken.None);
        Lines =
        [
            .. Directory
                .EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
                .Order()
                .SelectMany(ReadFile),
        ];
        Events = [.. Lines.Where(line => line.Event is not null)];
        Valid = [.. Events.Where(line => IsValid(line.Event!))];
    }

    public LandingReport Report { get; }

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<LandedLine> Lines { get; }

    /// <summary>The lines that are JSON.</summary>
    public IReadOnlyList<LandedLine> Events { get; }

    /// <summary>The lines that are events as the contract has them.</summary>
    public IReadOnlyList<LandedLine> Valid { get; }

    public IEnumerable<LandedLine> FirstArrivals =>
        Valid.DistinctBy(line => (string?)line.Event!["event_id"]);

    public static bool IsTimestamp(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-ddTHH:mm:ss.fffZ", "yyyy-MM-ddTHH:mm:ss.fffzzz"],
            null,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out _
        );

    public void Dispose() => _folder.Dispose();

    private static bool IsValid(JsonObject landed) =>
        landed["user_id"] is not null
        && EventTypes.Contains((string?)landed["event_type"])
        && IsTimestamp((string?)landed["timestamp"]);

    private IEnumerable<LandedLine> ReadFile(string path)
    {
        var parts = Path.GetRelativePath(_folder.Path, path).Split(Path.DirectorySeparatorChar);
        var date = new DateOnly(int.Parse(parts[0][5..]), int.Parse(parts[1][6..]), int.Parse(parts[2][4..]));
        return File.ReadLines(path).Select(line => new LandedLine(date, parts[3], line, Parse(line)));
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
