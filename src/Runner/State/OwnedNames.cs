using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Sql;

namespace Strata.Runner.State;

/// <summary>Which nodes and names are of one relation that a node was published as.</summary>
internal sealed class OwnedNames(SqlDialect dialect) : IEqualityComparer<(string Node, RelationName Relation)>
{
    public bool Equals(
        (string Node, RelationName Relation) one,
        (string Node, RelationName Relation) other
    ) => one.Node == other.Node && dialect.RelationNames.Equals(one.Relation, other.Relation);

    public int GetHashCode([DisallowNull] (string Node, RelationName Relation) name) =>
        HashCode.Combine(name.Node, dialect.RelationNames.GetHashCode(name.Relation));
}
