using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>What to do about values that do not fit, where a batch and its table have other types.</summary>
internal static class TypeRemedy
{
    /// <param name="castsTarget">The table's columns take the batch's types; else the batch takes theirs.</param>
    public static string Hint(RelationNode about, bool castsTarget) =>
        $"cast or round in the query, or {Of(about, castsTarget)}";

    /// <summary>The hint for a publish that an engine has refused for its data; null where no value takes another type.</summary>
    public static string? Hint(RelationNode about, StagedNode node) =>
        node is { Batch: { } batch, Relation.Existing: { } target } && Differ(batch.Staged, target)
            ? Hint(about, !batch.Columns.Retyped.IsEmpty)
            : null;

    private static bool Differ(StagedRelation staged, RelationInfo target) =>
        staged.Columns.Any(column =>
            target.Columns.Find(column.Name) is { } there && there.Type != column.Type
        );

    private static string Of(RelationNode about, bool castsTarget) =>
        about switch
        {
            ModelNode { Config.Materialized: Materialization.Snapshot } =>
                "change the column's type in the table yourself (alter table): a history is never rebuilt",
            ModelNode { Config.Materialized: Materialization.Incremental } when !castsTarget =>
                "set on_schema_change: sync_all_columns, which gives the table the query's types, or rebuild it with --full-refresh",
            _ => "rebuild the table with --full-refresh",
        };
}
