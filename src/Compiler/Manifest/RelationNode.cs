using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest;

/// <summary>A node that is a relation on a connection: what others can <c>ref</c> or <c>source</c>.</summary>
public abstract record RelationNode : Node
{
    /// <summary>The connection of the target that holds the relation, aliases resolved.</summary>
    public required string Connection { get; init; }

    public required EngineType Engine { get; init; }

    /// <summary>The relation that readers see.</summary>
    public required RelationName Relation { get; init; }

    public ImmutableArray<ColumnInfo> Columns { get; init; } = [];
}
