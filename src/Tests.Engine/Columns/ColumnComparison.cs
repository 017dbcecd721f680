using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Columns;

/// <summary>Holds the columns of a relation against others: those that it had, or those that somebody declared.</summary>
public static class ColumnComparison
{
    /// <summary>
    /// Columns that are gone or have another type, in the order that they had; then those that are new, then those that moved.
    /// A type that is not known is not compared.
    /// </summary>
    /// <param name="isExact">
    /// Whether a length or precision on one side only is a difference. Not so for what people declare: an engine may drop it, and a
    /// declaration leave it open.
    /// </param>
    public static ImmutableArray<ColumnDifference> Differences(
        SqlDialect dialect,
        ImmutableArray<CheckColumn> before,
        ImmutableArray<CheckColumn> now,
        bool isExact
    )
    {
        var names = dialect.FoldsCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var known = now.ToLookup(column => column.Name, names);
        var found = ImmutableArray.CreateBuilder<ColumnDifference>();
        foreach (var old in before)
        {
            if (known[old.Name].FirstOrDefault() is not { } column)
                found.Add(new ColumnDifference(ColumnChange.Removed, old.Name, old.Type, null));
            else if (
                old.Type is { } a
                && column.Type is { } b
                && !TypeNames.IsSame(a, b, dialect.Engine, isExact)
            )
                found.Add(new ColumnDifference(ColumnChange.Retyped, old.Name, a, b));
        }
        var earlier = before.Select(column => column.Name).ToHashSet(names);
        foreach (var column in now.Where(column => !earlier.Contains(column.Name)))
            found.Add(new ColumnDifference(ColumnChange.Added, column.Name, null, column.Type));
        found.AddRange(
            Moved(
                [.. before.Select(column => column.Name).Where(known.Contains).Distinct(names)],
                [.. now.Select(column => column.Name).Where(earlier.Contains).Distinct(names)],
                names
            )
        );
        return found.ToImmutable();
    }

    /// <summary>As few columns as explain the new order: those outside a longest run of columns that kept theirs.</summary>
    private static IEnumerable<ColumnDifference> Moved(string[] before, string[] now, StringComparer names)
    {
        if (before.SequenceEqual(now, names))
            yield break;
        var places = before.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, names);
        var was = Array.ConvertAll(now, name => places[name]);
        var kept = LongestAscending(was);
        for (var i = 0; i < now.Length; i++)
        {
            var (old, place) = (Place(before, was[i]), Place(now, i));
            // of several that moved together, the first says it
            if (!kept.Contains(i) && !names.Equals(old, place))
                yield return new ColumnDifference(ColumnChange.Reordered, now[i], old, place);
        }
    }

    private static string Place(string[] columns, int at) => at == 0 ? "first" : $"after {columns[at - 1]}";

    /// <returns>The indexes of the members.</returns>
    private static HashSet<int> LongestAscending(int[] values)
    {
        var lengths = new int[values.Length];
        var previous = new int[values.Length];
        var last = 0;
        for (var i = 0; i < values.Length; i++)
        {
            (lengths[i], previous[i]) = (1, -1);
            for (var j = 0; j < i; j++)
            {
                if (values[j] < values[i] && lengths[j] >= lengths[i])
                    (lengths[i], previous[i]) = (lengths[j] + 1, j);
            }
            if (lengths[i] > lengths[last])
                last = i;
        }
        var members = new HashSet<int>();
        for (var i = last; i >= 0; i = previous[i])
            members.Add(i);
        return members;
    }
}
