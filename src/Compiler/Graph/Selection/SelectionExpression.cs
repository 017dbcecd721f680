using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Graph.Selection;

/// <summary>A parsed selection: criteria and the sets made of them.</summary>
public abstract record SelectionExpression
{
    /// <summary>Which tests join what this part means; null leaves it to the command line.</summary>
    public IndirectSelection? Indirect { get; init; }
}

/// <summary>One word of the grammar: <c>2+tag:nightly+</c>.</summary>
/// <param name="Arguments">What follows the method's name: <c>materialized</c> in <c>config.materialized:view</c>.</param>
/// <param name="Span">The word, in the text of the command line.</param>
public sealed record SelectionCriterion(
    SelectionMethod Method,
    ImmutableArray<string> Arguments,
    string Value,
    SourceSpan Span
) : SelectionExpression
{
    /// <summary>The criterion as one word of the grammar, however it was written.</summary>
    public string Word { get; init; } = Span.Text;

    /// <summary><c>@</c>: descendants, and all ancestors of those.</summary>
    public bool ChildrensParents { get; init; }

    /// <summary>How many steps of ancestors join; null for none.</summary>
    public int? ParentsDepth { get; init; }

    /// <summary>How many steps of descendants join; null for none.</summary>
    public int? ChildrenDepth { get; init; }
}

public sealed record SelectionUnion(ImmutableArray<SelectionExpression> Parts) : SelectionExpression;

public sealed record SelectionIntersection(ImmutableArray<SelectionExpression> Parts) : SelectionExpression;

public sealed record SelectionDifference(SelectionExpression From, SelectionExpression Without)
    : SelectionExpression;

/// <summary>Every node of the project.</summary>
public sealed record SelectionEverything : SelectionExpression
{
    public static readonly SelectionEverything Instance = new();

    private SelectionEverything() { }
}
