using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strata.ReferenceProject.Tests;

/// <summary>
/// What gold must hold, worked out from the landed files without SQL: every line is read as JSON, judged by the rules
/// that the models document, and counted.
/// </summary>
internal sealed class GoldOracle
{
    private static readonly string[] EventTypes = ["login", "click", "purchase", "logout"];
    private static readonly string[] Sources = ["web", "mobile"];
    private readonly Dictionary<string, ValidEvent> _firstArrivals = [];

    public GoldOracle(string landingZone)
    {
        var files = Directory
            .EnumerateFiles(landingZone, "*.jsonl", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);
        foreach (var line in files.SelectMany(File.ReadLines))
        {
            Lines++;
            if (Parse(line) is not { } parsed)
                Rejected++;
            else if (!_firstArrivals.TryAdd(parsed.Id, parsed))
                Repeated++;
        }
        Gold = Count();
    }

    public long Lines { get; private set; }

    public long Rejected { get; private set; }

    public long Repeated { get; private set; }

    public long Events => _firstArrivals.Count;

    public GoldTables Gold { get; }

    /// <summary>Users whose last login no logout followed, and where that login came from.</summary>
    public IReadOnlyList<string> SignedIn =>
        Rows(
            _firstArrivals
                .Values.Where(e => e.Type is "login" or "logout")
                .GroupBy(e => e.User)
                .Select(user => user.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal).Last())
                .Where(last => last.Type == "login")
                .Select(last => $"{last.User} | {last.Source}")
        );

    private GoldTables Count()
    {
        var days = _firstArrivals.Values.GroupBy(e => e.Date).ToList();
        return new GoldTables(
            Rows(days.Select(day => $"{Text(day.Key)} | {Users(day)}")),
            Rows(
                days.Select(day =>
                {
                    var purchases = day.Where(e => e.Type == "purchase").ToList();
                    var rate = (double)Users(purchases) / Users(day);
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Text(day.Key)} | {rate} | {purchases.Count} | {Users(day)}"
                    );
                })
            ),
            Rows(
                days.SelectMany(day =>
                    day.CountBy(e => e.Source).Select(pair => $"{Text(day.Key)} | {pair.Key} | {pair.Value}")
                )
            ),
            Rows(
                days.SelectMany(day =>
                    day.Where(e => e.Type == "purchase")
                        .CountBy(e => e.Page)
                        .Select(pair => $"{Text(day.Key)} | {pair.Key} | {pair.Value}")
                )
            ),
            Rows(
                _firstArrivals
                    .Values.GroupBy(e => new DateOnly(e.Date.Year, e.Date.Month, 1))
                    .Select(month => $"{Text(month.Key)} | {Users(month)}")
            )
        );
    }

    private static int Users(IEnumerable<ValidEvent> events) => events.Select(e => e.User).Distinct().Count();

    private static List<string> Rows(IEnumerable<string> rows) => [.. rows.Order(StringComparer.Ordinal)];

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static ValidEvent? Parse(string line)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
        var user = json?["user_id"]?.ToString();
        var type = json?["event_type"]?.ToString();
        var source = json?["source"]?.ToString();
        var isTime = DateTimeOffset.TryParse(
            json?["timestamp"]?.ToString(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var happened
        );
        if (json?["event_id"]?.ToString() is not { } id || user is null || !isTime)
            return null;
        if (!EventTypes.Contains(type) || !Sources.Contains(source))
            return null;
        return new ValidEvent(id, user, type!, json["page"]?.ToString() ?? "(none)", source!, happened);
    }

    private sealed record ValidEvent(
        string Id,
        string User,
        string Type,
        string Page,
        string Source,
        DateTimeOffset At
    )
    {
        public DateOnly Date => DateOnly.FromDateTime(At.UtcDateTime);
    }
}
