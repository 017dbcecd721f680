namespace Strata.Compiler.Graph.Selection;

/// <summary>What a command line selects.</summary>
/// <param name="IndirectSelection">Which tests join, where a selector does not say so itself.</param>
/// <param name="Selectors">What the expression may refer to.</param>
public sealed record SelectionCriteria(
    SelectionExpression Expression,
    IndirectSelection IndirectSelection,
    NamedSelectors Selectors
)
{
    public static readonly SelectionCriteria All = new(
        SelectionEverything.Instance,
        IndirectSelection.Eager,
        NamedSelectors.None
    );

    /// <summary>The first word of it that uses a method, be it in a selector that it refers to; null where none does.</summary>
    public SelectionCriterion? FindUse(SelectionMethod method) =>
        Selectors.AllCriteriaOf(Expression).FirstOrDefault(criterion => criterion.Method == method);
}
