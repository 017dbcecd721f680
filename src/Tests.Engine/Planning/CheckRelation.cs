using System.Collections.Immutable;

namespace Strata.Tests.Engine.Planning;

/// <summary>What a check reads for a node.</summary>
/// <param name="Sql">A quoted name, or a query in parentheses.</param>
/// <param name="Name">The plain name of the node's relation, under which <c>where</c> may qualify columns.</param>
/// <param name="Columns">All columns in order; null when they are not known.</param>
public sealed record CheckRelation(string Sql, string Name, ImmutableArray<CheckColumn>? Columns)
{
    /// <summary>
    /// Whether the rows are stored in a table, so that a second scan repeats only reading. A query or a view
    /// would be computed again by each scan.
    /// </summary>
    public bool IsStored { get; init; } = true;

    /// <summary>The columns that the node's YAML declares, in its order; those without a type have none here.</summary>
    public ImmutableArray<CheckColumn> Declared { get; init; } = [];

    /// <summary>Columns that were not delivered but added while reading, such as a row's file and line.</summary>
    public ImmutableArray<string> Added { get; init; } = [];

    /// <summary>The column of that name: as written, else the only one that differs in case alone.</summary>
    internal CheckColumn? FindColumn(string name)
    {
        if (Columns is not { } columns)
            return null;
        if (columns.FirstOrDefault(c => c.Name == name) is { } exact)
            return exact;
        var alike = columns
            .Where(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Take(2)
            .ToList();
        return alike.Count == 1 ? alike[0] : null;
    }
}
