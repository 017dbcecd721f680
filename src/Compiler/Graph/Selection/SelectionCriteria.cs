namespace Strata.Compiler.Graph.Selection;

/// <summary>What a command line selects.</summary>
public sealed record SelectionCriteria(SelectionExpression Expression, IndirectSelection IndirectSelection)
{
    public static readonly SelectionCriteria All = new(SelectionEverything.Instance, IndirectSelection.Eager);
}
