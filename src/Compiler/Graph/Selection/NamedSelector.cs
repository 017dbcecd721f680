using Strata.Compiler.Text;

namespace Strata.Compiler.Graph.Selection;

/// <summary>A selection that <c>selectors.yml</c> gives a name.</summary>
/// <param name="Expression">Null where it could not be understood.</param>
/// <param name="IsDefault">Whether it stands in for a command line that selects nothing.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record NamedSelector(
    string Name,
    string Description,
    SelectionExpression? Expression,
    bool IsDefault,
    SourceSpan Place
);
