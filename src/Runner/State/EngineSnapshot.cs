using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.State;

/// <summary>What is on one connection when a plan is made: relations and Strata's own state.</summary>
public sealed record EngineSnapshot
{
    public required string Connection { get; init; }

    /// <summary>The relations of the schemas that the project uses here.</summary>
    public required ImmutableDictionary<RelationName, RelationInfo> Relations { get; init; }

    public required ImmutableDictionary<string, NodeState> Nodes { get; init; }

    /// <summary>By consumer and source, the files that were taken in.</summary>
    public required ILookup<(string Consumer, string Source), ConsumedFile> Files { get; init; }

    /// <summary>Whether the tables of the state exist, in today's shape.</summary>
    public required bool HasState { get; init; }

    public RelationInfo? Find(RelationName name) => Relations.GetValueOrDefault(name);
}
