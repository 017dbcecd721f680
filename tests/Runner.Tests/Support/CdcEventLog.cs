namespace Strata.Runner.Tests.Support;

/// <summary>Change events of a table with key <c>k</c> and columns <c>a</c> and <c>b</c>, and what they come to by definition.</summary>
public static class CdcEventLog
{
    public sealed record Event(int? Key, int Sequence, bool IsDelete, string? A, string? B)
    {
        public string Sql =>
            $"{(Key is { } key ? $"{key}" : "null")}, {Sequence}, '{(IsDelete ? "d" : "u")}', {Quote(A)}, {Quote(B)}";

        private static string Quote(string? text) => text is null ? "null" : $"'{text}'";
    }

    public static Event[] Random(Random random, bool withTies)
    {
        var sequences = Enumerable.Range(1, 40).ToArray();
        random.Shuffle(sequences);
        return
        [
            .. Enumerable
                .Range(0, random.Next(5, 25))
                .Select(i => new Event(
                    random.Next(4) is var key and > 0 ? key : null,
                    withTies ? random.Next(1, 9) : sequences[i],
                    random.Next(4) == 0,
                    Value(random),
                    Value(random)
                ))
                .Distinct(),
        ];
    }

    /// <summary>The table's rows as text, sorted, for events of which no two share key and sequence.</summary>
    public static string[] Expect(IEnumerable<Event> events, int scdType, bool ignoreNulls) =>
        [
            .. events
                .GroupBy(e => e.Key)
                .SelectMany(key => Of([.. key.OrderBy(e => e.Sequence)], scdType, ignoreNulls))
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Of(Event[] events, int scdType, bool ignoreNulls)
    {
        var versions = new List<(Event Row, int From, int? To)>();
        Event? now = null;
        foreach (var e in events)
        {
            if (
                now is not null
                && (e.IsDelete || scdType == 1 || Filled(e, now) is var f && (f.A != now.A || f.B != now.B))
            )
                versions[^1] = versions[^1] with { To = e.Sequence };
            if (e.IsDelete)
            {
                now = null;
                continue;
            }
            var row = Filled(e, now);
            if (now is not null && versions[^1].To is null)
                versions[^1] = versions[^1] with { Row = row };
            else
                versions.Add((row, e.Sequence, null));
            now = row;
        }
        return scdType == 2
                ? versions.Select(v => $"{Text(v.Row)}|{v.From}|{v.To?.ToString() ?? "null"}|{v.To is null}")
            : now is null ? []
            : [Text(now)];

        Event Filled(Event e, Event? before) =>
            ignoreNulls ? e with { A = e.A ?? before?.A, B = e.B ?? before?.B } : e;
    }

    private static string Text(Event e) =>
        $"{(e.Key is { } key ? $"{key}" : "null")}|{e.Sequence}|{e.A ?? "null"}|{e.B ?? "null"}";

    private static string? Value(Random random) => random.Next(4) is var v and > 0 ? $"v{v}" : null;
}
