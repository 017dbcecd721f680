namespace Strata.Runner.Materializations;

/// <summary>Which column a name in the configuration means.</summary>
public static class ColumnNames
{
    /// <summary>The column that is spelled like the name, else the one that is but for its case; null if there is neither.</summary>
    public static string? Find(IReadOnlyCollection<string> columns, string name) =>
        columns.FirstOrDefault(column => column == name)
        ?? columns.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
}
