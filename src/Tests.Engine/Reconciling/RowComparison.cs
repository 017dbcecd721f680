using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>Which columns of two rows of a key differ.</summary>
internal static class RowComparison
{
    /// <param name="here">The key's hash, then each column's value as text.</param>
    public static ImmutableArray<ColumnDifference> Of(ColumnPairs columns, object?[] here, object?[] there)
    {
        var found = ImmutableArray.CreateBuilder<ColumnDifference>();
        foreach (var (i, column) in columns.All.Index())
        {
            var (one, other) = (here[i + 1] as string, there[i + 1] as string);
            if (!AreEqual(column, one, other))
                found.Add(
                    new ColumnDifference(
                        column.Here,
                        CanonicalText.Read(one, column.As),
                        CanonicalText.Read(other, column.As)
                    )
                );
        }
        return found.ToImmutable();
    }

    // rounding to digits tears neighbours apart where they lie on both sides of a half: within one unit of the last digit is equal
    private static bool AreEqual(ComparedColumn column, string? one, string? other)
    {
        if (one == other)
            return true;
        if (
            column.As != Representation.Float
            || !double.TryParse(one, CultureInfo.InvariantCulture, out var a)
            || !double.TryParse(other, CultureInfo.InvariantCulture, out var b)
            || !double.IsFinite(a)
            || !double.IsFinite(b)
        )
            return false;
        var greater = Math.Max(Math.Abs(a), Math.Abs(b));
        var unit = Math.Pow(10, Math.Floor(Math.Log10(greater)) - (column.Digits - 1));
        return Math.Abs(a - b) <= unit * 1.000001;
    }
}
