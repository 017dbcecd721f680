namespace Strata.Runner.Materializations;

/// <summary>What the number of rows that a statement reports stands for in the row ledger.</summary>
public enum RowEffect
{
    None,
    Inserted,
    Updated,
    Deleted,
}
