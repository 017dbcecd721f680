using System.Collections.Immutable;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// Text around a query that gives the same columns, some of them cast: for types whose vectors we do not read
/// ourselves.
/// </summary>
internal readonly record struct Projection(string Prefix, string Suffix)
{
    /// <param name="cast">An expression over the given one, or null to leave the column as it is.</param>
    /// <returns>Null when no column needs a cast.</returns>
    public static Projection? For(
        ImmutableArray<(string Name, ColumnType Type)> columns,
        Func<ColumnType, string, string?> cast
    )
    {
        // by position: names may be repeated or empty
        var casts = columns.Select((column, i) => cast(column.Type, $"c{i}")).ToArray();
        if (casts.All(expression => expression is null))
            return null;
        var expressions = casts.Select((expression, i) => expression ?? $"c{i}");
        var names = columns.Select((_, i) => $"c{i}");
        return new Projection(
            $"select {string.Join(", ", expressions)} from (",
            // on a line of its own: the query may end in a comment
            $"\n) as q({string.Join(", ", names)})"
        );
    }
}
