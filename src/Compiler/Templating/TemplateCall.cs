using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>A call, or a mention, of a global name in a template's text.</summary>
/// <param name="Name">The name with its members: <c>ref</c>, <c>target.name</c>, <c>string.upcase</c>.</param>
/// <param name="Arguments">In the order of the text; a piped value comes first.</param>
/// <param name="IsConditional">Whether it stands where it may run never or often: in a branch, a loop, a function.</param>
/// <param name="Function">The function in whose body it stands, or null.</param>
/// <param name="Span">The whole call.</param>
public sealed record TemplateCall(
    string Name,
    ImmutableArray<TemplateCallArgument> Arguments,
    bool IsConditional,
    string? Function,
    SourceSpan Span
)
{
    /// <summary>Whether every argument is a constant.</summary>
    public bool IsConstant => Arguments.All(argument => argument.IsConstant);
}
