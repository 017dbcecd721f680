using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>Which of some columns a name means: the one that is spelled alike, else the one that differs only in case.</summary>
public static class ColumnLookup
{
    public static ColumnSchema? Find(this ImmutableArray<ColumnSchema> columns, string name) =>
        columns.FirstOrDefault(column => column.Name == name)
        ?? columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static bool Has(this ImmutableArray<ColumnSchema> columns, string name) =>
        columns.Find(name) is not null;

    /// <summary>Its place among the columns; -1 if there is none.</summary>
    public static int PlaceOf(this ImmutableArray<ColumnSchema> columns, string name) =>
        columns.Find(name) is { } column ? columns.IndexOf(column) : -1;
}
