using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.State;

/// <summary>A relation that a node was published as.</summary>
/// <param name="Definition">Of a view: what follows <c>create</c>.</param>
/// <param name="Target">The target whose run published it last.</param>
public sealed record OwnedRelation(
    string Node,
    RelationName Relation,
    RelationKind Kind,
    string? Definition,
    string Target
);
