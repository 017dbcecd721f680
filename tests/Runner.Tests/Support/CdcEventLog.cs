using FsCheck;
using FsCheck.Fluent;

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

    /// <summary>Events and how they arrive: batches of their numbers, every event at least once.</summary>
    /// <param name="HasTies">Events may share key and sequence with others.</param>
    public sealed record Arrivals(Event[] Events, int[][] Batches, bool HasTies)
    {
        public override string ToString() =>
            string.Join(
                "\n",
                Batches.Select(
                    (batch, i) => $"batch {i + 1}: {string.Join(" ; ", batch.Select(e => Events[e].Sql))}"
                )
            );
    }

    /// <summary>Arbitrary events in arbitrary order and batches; what fails is shrunk to the fewest events and batches.</summary>
    public static Arbitrary<Arrivals> Any { get; } = Arb.From(Generate(), Smaller);

    private static Gen<Arrivals> Generate() =>
        from hasTies in Gen.Elements(true, false)
        from sequences in Gen.Shuffle(Enumerable.Range(1, 40))
        from size in Gen.Choose(5, 24)
        from keys in Gen.ArrayOf(Gen.Elements<int?>(null, 1, 2, 3), size)
        from ties in Gen.ArrayOf(Gen.Choose(1, 8), size)
        from deletes in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(true)), (3, Gen.Constant(false))), size)
        from a in Gen.ArrayOf(Gen.Elements(null, "v1", "v2", "v3"), size)
        from b in Gen.ArrayOf(Gen.Elements(null, "v1", "v2", "v3"), size)
        let events = Enumerable
            .Range(0, size)
            .Select(i => new Event(keys[i], hasTies ? ties[i] : sequences[i], deletes[i], a[i], b[i]))
            .Distinct()
            .ToArray()
        // some of them arrive twice
        from again in Gen.SubListOf(Enumerable.Range(0, events.Length).ToArray())
        from order in Gen.Shuffle(Enumerable.Range(0, events.Length).Concat(again))
        from cuts in Gen.ArrayOf(Gen.Choose(1, order.Length), 4)
        select new Arrivals(events, Cut(order, cuts), hasTies);

    private static int[][] Cut(int[] order, int[] cuts)
    {
        int[] ends = [.. cuts.Append(order.Length).Distinct().Order()];
        return [.. ends.Select((end, i) => order[(i == 0 ? 0 : ends[i - 1])..end])];
    }

    private static IEnumerable<Arrivals> Smaller(Arrivals arrivals)
    {
        for (var i = 0; arrivals.Events.Length > 1 && i < arrivals.Events.Length; i++)
        {
            var without = i;
            yield return arrivals with
            {
                Events = [.. arrivals.Events.Where((_, e) => e != without)],
                Batches =
                [
                    .. arrivals
                        .Batches.Select(batch =>
                            batch.Where(e => e != without).Select(e => e > without ? e - 1 : e).ToArray()
                        )
                        .Where(batch => batch.Length > 0),
                ],
            };
        }
        for (var i = 0; i + 1 < arrivals.Batches.Length; i++)
            yield return arrivals with
            {
                Batches =
                [
                    .. arrivals.Batches[..i],
                    [.. arrivals.Batches[i], .. arrivals.Batches[i + 1]],
                    .. arrivals.Batches[(i + 2)..],
                ],
            };
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
}
