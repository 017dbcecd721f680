using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>Where a node's relation lives.</summary>
/// <param name="IsEphemeral">It lives nowhere: whoever reads it takes its query in.</param>
internal sealed record NodePlace(
    string Connection,
    SqlDialect Dialect,
    RelationName Relation,
    bool IsEphemeral = false
)
{
    /// <summary>The quoted name that a query on another node's connection uses.</summary>
    public string NameFor(string connection, SqlDialect dialect) =>
        dialect.Quote(connection == Connection ? Relation : Replica.NameOf(Relation, dialect));
}
