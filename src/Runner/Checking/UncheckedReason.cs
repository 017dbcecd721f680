using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Runner.Checking;

/// <summary>Why something could not be checked.</summary>
/// <param name="Text">Follows "was not checked": <c>the columns of source 'shop.clicks' are not declared</c>.</param>
/// <param name="Place">What to look at; null where another diagnostic says it already.</param>
public sealed record UncheckedReason(string Text, SourceSpan? Place)
{
    /// <summary>The engine's own words.</summary>
    public ImmutableArray<string> Details { get; init; } = [];

    public string? Hint { get; init; }
}
