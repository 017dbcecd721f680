using Strata.Compiler.Sql;

namespace Strata.Runner.Versions;

/// <summary>What a publish replaced of a hidden table that belongs to a node.</summary>
/// <param name="Table">Where the old rows, or the changes, are; null where there was no table.</param>
public sealed record KeptPart(RelationName Relation, KeptKind Kind, RelationName? Table);
