using Strata.Compiler.Sql;

namespace Strata.Runner.Versions;

/// <summary>A hidden table of a node that a publish changes beside the node's own: how it is kept.</summary>
/// <param name="Kind">Absent, whole, or changes.</param>
/// <param name="Touched">Of changes: the query for the rows that may change, before and after; columns by name.</param>
internal sealed record StagedState(RelationName Relation, KeptKind Kind, string? Touched = null);
