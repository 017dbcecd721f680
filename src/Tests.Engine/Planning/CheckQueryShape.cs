namespace Strata.Tests.Engine.Planning;

/// <summary>How a statement measures its members.</summary>
public enum CheckQueryShape
{
    /// <summary>One scan of the relation, an aggregate for each member.</summary>
    OneScan,

    /// <summary>One statement, a scan for each member that the engine can prune by statistics.</summary>
    PrunedScans,

    /// <summary>A query of its own; several members when they differ only in thresholds.</summary>
    OwnQuery,

    /// <summary>A summary that is judged outside the engine.</summary>
    Computed,
}
