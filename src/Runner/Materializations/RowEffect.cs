namespace Strata.Runner.Materializations;

/// <summary>What the number of rows that a statement reports stands for in the row ledger.</summary>
public enum RowEffect
{
    None,
    Inserted,
    Updated,
    Deleted,

    /// <summary>Rows that come, and those that come back changed, which the statement that took them away has counted as updated.</summary>
    Written,
}
