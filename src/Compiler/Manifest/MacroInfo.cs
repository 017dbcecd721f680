using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A macro that the project defines.</summary>
/// <param name="Definition">The whole of it, in its file.</param>
/// <param name="Calls">Names of the macros that it may call, sorted.</param>
/// <param name="IsTest">Whether it is a test that the project wrote as a function.</param>
public sealed record MacroInfo(string Name, SourceSpan Definition, ImmutableArray<string> Calls, bool IsTest);
