using System.Collections.Immutable;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>How a reconciliation ended.</summary>
/// <param name="Failures">The keys that differ; where <see cref="IsPartial"/>, as many as were found.</param>
public sealed record ReconcileReport(long Failures, long RowsHere, long RowsThere)
{
    /// <summary>How many keys differ and how, and the numbers of rows, in words.</summary>
    public required string Counts { get; init; }

    /// <summary>The sums that differ, by column of this side.</summary>
    public ImmutableArray<(string Column, string? Here, string? There)> Sums { get; init; } = [];

    /// <summary>What was not compared, in words; empty if nothing.</summary>
    public string Rest { get; init; } = "";

    /// <summary>Everything in words.</summary>
    /// <param name="hides">Columns of which no value is to be shown.</param>
    public string Describe(Func<string, bool> hides) =>
        Counts
        + string.Concat(
            Sums.Where(sum => !hides(sum.Column))
                .Select(sum => $"; sum of {sum.Column}: {sum.Here ?? "null"} and {sum.There ?? "null"}")
        )
        + Rest;

    /// <summary>Whether so much differs that not all of it was looked at.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The names of the key's columns.</summary>
    public ImmutableArray<string> KeyColumns { get; init; } = [];

    /// <summary>Some of the keys, with what differs.</summary>
    public ImmutableArray<KeyDifference> Examples { get; init; } = [];
}
