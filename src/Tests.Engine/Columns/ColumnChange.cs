namespace Strata.Tests.Engine.Columns;

/// <summary>What can become of a column of a relation.</summary>
public enum ColumnChange
{
    Removed,
    Retyped,
    Added,

    /// <summary>It stands behind another column than before, among those that are in both.</summary>
    Reordered,
}
