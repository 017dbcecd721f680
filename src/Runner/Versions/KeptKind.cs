namespace Strata.Runner.Versions;

/// <summary>What leads from a published version back to the one before it.</summary>
public enum KeptKind
{
    /// <summary>There was no relation: going back drops it.</summary>
    Absent,

    /// <summary>The publish changed no row and no definition.</summary>
    Same,

    /// <summary>The rows that went and the rows that came.</summary>
    Changes,

    /// <summary>The whole table as it was.</summary>
    Whole,

    /// <summary>The definition of the view that was there.</summary>
    View,
}
