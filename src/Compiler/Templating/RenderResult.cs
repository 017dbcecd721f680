using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>A rendered template. With errors, <paramref name="Text"/> is what was printed before the first one.</summary>
/// <param name="Map">Leads from an offset in the text to where it was written, through macros and includes.</param>
public sealed record RenderResult(string Text, SourceMap Map, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => !Diagnostics.IsEmpty && Diagnostics.Any(diagnostic => diagnostic.IsError);
}
