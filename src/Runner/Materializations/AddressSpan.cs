using System.Collections.Immutable;

namespace Strata.Runner.Materializations;

/// <summary>A stretch of a table's rows, by address, both ends included.</summary>
public readonly record struct AddressSpan(long First, long Last)
{
    /// <summary>More parts than this cost more to ask for than they leave out.</summary>
    private const int Most = 64;

    /// <summary>What lies between two places is read along where it is shorter than this.</summary>
    private const long ShortGap = 16_384;

    private long Length => Last - First + 1;

    /// <summary>The few stretches that cover all places; none where that would leave out less than half of what lies between first and last.</summary>
    /// <param name="places">In order, not overlapping.</param>
    public static ImmutableArray<AddressSpan> Covering(IEnumerable<AddressSpan> places)
    {
        var spans = new List<AddressSpan>();
        foreach (var place in places)
        {
            if (spans is [.., var last] && place.First - last.Last <= ShortGap)
                spans[^1] = last with { Last = place.Last };
            else
                spans.Add(place);
        }
        if (spans.Count is 0 or > Most)
            return [];
        var all = new AddressSpan(spans[0].First, spans[^1].Last);
        return spans.Sum(span => span.Length) * 2 <= all.Length ? [.. spans] : [];
    }
}
