namespace Strata.Compiler.Graph.Selection;

/// <summary>Which tests join the nodes that a selection names.</summary>
public enum IndirectSelection
{
    /// <summary>Tests with any parent selected.</summary>
    Eager,

    /// <summary>Tests with all parents selected.</summary>
    Cautious,

    /// <summary>Tests whose parents are selected, ancestors of what is selected, or sources.</summary>
    Buildable,

    /// <summary>Only tests that are named themselves.</summary>
    Empty,
}
