using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A macro that templates of the project can call.</summary>
/// <param name="Definition">The whole of it, in its file.</param>
/// <param name="Calls">Names of the macros that it may call, sorted.</param>
/// <param name="IsTest">Whether it is a test that the project wrote as a function.</param>
public sealed record MacroInfo(string Name, SourceSpan Definition, ImmutableArray<string> Calls, bool IsTest)
{
    /// <summary>Whether it comes with the program, and not from a file of the project.</summary>
    public bool IsInTheBox { get; init; }
}
