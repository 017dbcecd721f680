using System.Globalization;
using System.Text;

namespace Strata.Simulators.Events;

/// <summary>One event as the line that lands, flaws included.</summary>
internal static class EventLine
{
    private static readonly string[] UnknownTypes = ["scroll", "clik", "PURCHASE_V2"];
    private static readonly string[] BadTimestamps = ["not-a-time", "2026-13-45T99:99:99Z", "yesterday"];

    private static readonly string[] Garbage =
    [
        "<html><body>502 Bad Gateway</body></html>",
        "Traceback (most recent call last):",
        "{{{\"event_id\":",
        "user-events|||retry=3",
    ];

    public static void Write(StringBuilder line, in SimulatedEvent landed)
    {
        var start = line.Length;
        if (landed.Flaw == Flaw.Garbage)
        {
            line.Append(Garbage[landed.Salt % (ulong)Garbage.Length]).Append('\n');
            return;
        }
        WriteJson(line, landed);
        if (landed.Flaw == Flaw.Truncated)
        {
            var length = line.Length - start;
            line.Length = start + length / 5 + (int)(landed.Salt % (ulong)(length / 2));
        }
        line.Append('\n');
    }

    private static void WriteJson(StringBuilder line, in SimulatedEvent landed)
    {
        line.Append(CultureInfo.InvariantCulture, $"{{\"event_id\":\"{landed.EventId:D}\"");
        if (landed.Flaw != Flaw.MissingUser)
            line.Append(CultureInfo.InvariantCulture, $",\"user_id\":{landed.UserId}");
        else if (landed.Salt % 2 == 0)
            line.Append(",\"user_id\":null");
        var type =
            landed.Flaw == Flaw.UnknownType
                ? UnknownTypes[landed.Salt % (ulong)UnknownTypes.Length]
                : landed.EventType;
        line.Append(",\"event_type\":\"").Append(type);
        line.Append("\",\"page\":\"").Append(landed.Page);
        line.Append("\",\"timestamp\":\"");
        if (landed.Flaw == Flaw.BadTimestamp)
            line.Append(BadTimestamps[landed.Salt % (ulong)BadTimestamps.Length]);
        else
            WriteTimestamp(line, landed.Happened, landed.OffsetHours);
        line.Append("\",\"source\":\"").Append(landed.Source).Append("\"}");
    }

    private static void WriteTimestamp(StringBuilder line, DateTime utc, int offsetHours)
    {
        line.Append(CultureInfo.InvariantCulture, $"{utc.AddHours(offsetHours):yyyy-MM-dd'T'HH:mm:ss.fff}");
        if (offsetHours == 0)
            line.Append('Z');
        else
            line.Append(offsetHours < 0 ? '-' : '+')
                .Append(CultureInfo.InvariantCulture, $"{Math.Abs(offsetHours):00}:00");
    }
}
