using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Runs;
using Strata.Runner.State;

namespace Strata.Runner.Planning.Deciding;

/// <summary>Why a relation must be built from nothing, whatever its inputs say.</summary>
internal sealed class RebuildReasons(RunRequest request, EngineStates states)
{
    /// <returns>Null where it need not be.</returns>
    public string? Of(
        ModelNode model,
        RelationInfo? relation,
        NodeState? state,
        ImmutableArray<string> inputs
    )
    {
        var isView = model.Config.Materialized == Materialization.View;
        var kind = isView ? RelationKind.View : RelationKind.Table;
        return relation is null ? "first build"
            : relation.Kind != kind ? IsNow(relation)
            : state is null ? Unbuilt(model)
            : request.FullRefresh && !isView && model.Config.FullRefresh != false ? "--full-refresh"
            : model.Config
                is { Materialized: Materialization.Incremental or Materialization.Cdc, FullRefresh: true }
                ? "full_refresh: true"
            : ReadsFilesAnew(model, state, inputs)
                ? $"was a {state.Materialized?.ToString().ToLowerInvariant()}"
            : null;
    }

    /// <returns>Null where it need not be.</returns>
    public string? Of(SeedNode seed)
    {
        var state = states.StateOf(seed.UniqueId);
        var relation = states.Find(seed.Connection, seed.Relation);
        return relation is null ? "first build"
            : relation.Kind != RelationKind.Table ? IsNow(relation)
            : state is null ? Unbuilt(seed)
            : request.FullRefresh ? "--full-refresh"
            : state.Fingerprint != seed.Fingerprint ? "file changed"
            : null;
    }

    private static string IsNow(RelationInfo relation) =>
        $"is a {relation.Kind.ToString().ToLowerInvariant()} now";

    /// <summary>Why there is no state for a relation that is there: mostly because the node, or the relation, was something else before.</summary>
    private string Unbuilt(RelationNode node)
    {
        var (connection, left) = states
            .Engines.Values.Select(engine =>
                (engine.Connection, State: engine.Left.GetValueOrDefault(node.UniqueId))
            )
            .MaxBy(one => one.State?.RunId, StringComparer.Ordinal);
        if (left is not null && connection != node.Connection)
            return $"was on '{connection}' before";
        var names = request.Adapters[node.Connection].Dialect.RelationNames;
        if (left?.Relation is { Schema.Length: > 0 } was && !names.Equals(was, node.Relation))
            return $"was {was} before";
        var holder = states.Engines[node.Connection].Holders.GetValueOrDefault(node.Relation);
        return holder is null || holder == node.UniqueId
            ? "not built by this project yet"
            : $"was '{ProjectHistory.NameOf(request.Manifest, holder)}' before";
    }

    /// <summary>
    /// Which files a model has taken in is forgotten where it is built as a whole: the rows that it has now say nothing of them. Tables
    /// that are built as a whole themselves are not asked.
    /// </summary>
    private bool ReadsFilesAnew(ModelNode model, NodeState state, ImmutableArray<string> inputs) =>
        model.Config
            is { Materialized: Materialization.Incremental or Materialization.Cdc, FullRefresh: not false }
        && state.Materialized is { } was
        && was != model.Config.Materialized
        && inputs.Any(states.Landed.ContainsKey);
}
