using System.Collections.Immutable;

namespace Strata.Compiler.Graph.Comparing;

/// <summary>What of a project is held against its earlier self, by unique id.</summary>
/// <param name="Target">The target that it was compiled for; null where that is not known.</param>
public sealed record ComparableProject(
    string? Target,
    ImmutableDictionary<string, ComparableNode> Nodes,
    ImmutableDictionary<string, ComparableMacro> Macros
);
