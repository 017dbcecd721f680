using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>What a reconciliation found, in words.</summary>
/// <param name="Unit">What differs: a key, or a row where there is no key.</param>
/// <param name="LeftOut">Columns that could not be compared.</param>
internal sealed record ReconcileWords(string Here, string There, string Unit, ImmutableArray<string> LeftOut)
{
    public string Rest => LeftOut.IsEmpty ? "" : $"; not compared: {string.Join(", ", LeftOut)}";

    /// <param name="columns">Columns that differ in the rows that were looked at.</param>
    public string Of(
        IReadOnlyDictionary<DifferenceKind, int> kinds,
        bool isPartial,
        (long Here, long There) rows,
        ImmutableArray<string> columns
    )
    {
        var all = kinds.Values.Sum();
        if (all == 0)
            return $"{Number(rows.Here)} {(rows.Here == 1 ? "row" : "rows")} of {Here} and {There} agree";
        var parts = new List<string>();
        Add(DifferenceKind.OnlyHere, $"only in {Here}");
        Add(DifferenceKind.OnlyThere, $"only in {There}");
        Add(
            DifferenceKind.OtherValues,
            columns.IsEmpty ? "more often on one side" : $"with other values of {string.Join(", ", columns)}"
        );
        var text =
            $"{(isPartial ? "at least " : "")}{Number(all)} {Unit}{(all == 1 ? " differs" : "s differ")}: {string.Join(", ", parts)}";
        if (rows.Here != rows.There)
            text += $"; rows: {Number(rows.Here)} and {Number(rows.There)}";
        return text;

        void Add(DifferenceKind kind, string words)
        {
            if (kinds.TryGetValue(kind, out var count))
                parts.Add($"{Number(count)} {words}");
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
