using Strata.Compiler.Graph.Selection;

namespace Strata.Cli.Listing;

/// <summary>What <c>ls</c> prints of a node, and what it is selected by.</summary>
/// <param name="Materialized">Of a model, as it is written in configuration.</param>
/// <param name="Connection">Of a relation: where it lives.</param>
/// <param name="Relation">Of a relation: its name there.</param>
public sealed record ListedNode(
    SelectableNode Node,
    string Description,
    string? Materialized,
    string? Connection,
    string? Relation
);
