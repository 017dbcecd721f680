namespace Strata.Runner.Materializations;

/// <summary>What the counts of a publish must come to, by the way in which staged rows enter their relation.</summary>
public enum RowRule
{
    /// <summary>The counts say nothing about the staged rows.</summary>
    None,

    /// <summary>The relation ends with the staged rows and no others.</summary>
    Replace,

    /// <summary>Every staged row is inserted.</summary>
    Insert,

    /// <summary>Every staged row is inserted or meets what has its key.</summary>
    Merge,
}
