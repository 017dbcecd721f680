using System.Collections.Immutable;

namespace Strata.Compiler.Graph.Comparing;

/// <param name="Calls">Ids of the macros that it calls itself.</param>
public sealed record ComparableMacro(string Text, ImmutableArray<string> Calls);
