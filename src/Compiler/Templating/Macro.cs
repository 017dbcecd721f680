using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>A function of the project, defined at the top level of a macro file.</summary>
/// <param name="Definition">The whole of its definition.</param>
/// <param name="Facts">What its body calls and mentions; its own parameters are not among it.</param>
public sealed record Macro(string Name, TemplateFunction Function, SourceSpan Definition, TemplateFacts Facts)
{
    /// <summary>The other macros that its body mentions, sorted.</summary>
    public required ImmutableArray<string> Calls { get; init; }
}
