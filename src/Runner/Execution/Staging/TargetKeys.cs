using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.History;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Checks rows that an earlier definition of the model has made. Its key may have been another one, so that several of them have
/// the key by which a batch is merged now, and would all be given the values of the one row of the batch.
/// </summary>
internal sealed class TargetKeys(RunContext context, NodeStatements statements)
{
    /// <summary>Where a key names one row; of <c>delete+insert</c> without a sequence it names all that are replaced together.</summary>
    /// <returns>The stage, with what is known of the published rows now.</returns>
    public async Task<StagedRelation> CheckAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        // predicates keep rows apart that have the same key
        if (staged is not { IsKeyUnique: true, Existing: { } target })
            return staged;
        var retyped = Retyped(model, staged, target);
        if (
            staged.PublishedKey.Holds(staged.Key) && retyped.IsEmpty
            || model.Config.Strategy is not (IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert)
            || !model.Config.IncrementalPredicates.IsEmpty
        )
            return staged;
        try
        {
            await CheckAsync(lease, on, model, staged.Key, target, "", cancellationToken, retyped);
        }
        catch (NodeFailedException e)
            when (!retyped.IsEmpty && e.Diagnostics.All(said => said.Code != TableDiagnostics.SeveralOfAKey))
        {
            // values that do not survive their new type are refused where the table gets it
            return staged with { PublishedKey = PublishedKey.Unknown };
        }
        return staged with { PublishedKey = staged.PublishedKey with { Columns = staged.Key } };
    }

    /// <summary>Columns of the key that the publish gives another type: values that were different may be one by then.</summary>
    private static ImmutableArray<ColumnSchema> Retyped(
        ModelNode model,
        StagedRelation staged,
        RelationInfo target
    ) =>
        model.Config.OnSchemaChange != OnSchemaChange.SyncAllColumns
            ? []
            :
            [
                .. staged.Columns.Where(column =>
                    staged.Key.Contains(column.Name)
                    && target.Columns.FirstOrDefault(there => there.Name == column.Name) is { } there
                    && there.Type != column.Type
                ),
            ];

    /// <summary>A key has one current version; those that have ended may be of another key.</summary>
    public async Task CheckAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SnapshotPlan plan,
        RelationInfo history,
        CancellationToken cancellationToken
    )
    {
        // what is known of all versions says nothing of the current ones
        if (context.States.StateOf(model.UniqueId)?.Fingerprint != model.Fingerprint)
            await CheckAsync(
                lease,
                on,
                model,
                plan.Key,
                history,
                $"where {plan.Name(plan.Names.IsCurrent)} ",
                cancellationToken
            );
    }

    private async Task CheckAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        ImmutableArray<string> key,
        RelationInfo target,
        string where,
        CancellationToken cancellationToken,
        ImmutableArray<ColumnSchema> retyped = default
    )
    {
        if (key.IsEmpty || target.Kind != RelationKind.Table)
            return;
        ImmutableArray<string> names = [.. target.Columns.Select(column => column.Name)];
        // a column that only the batch has is null in all rows that are there
        var there = key.Select(name => ColumnNames.Find(names, name)).OfType<string>().ToImmutableArray();
        var rows = await statements.QueryAsync(
            lease,
            model,
            StageScripts.DuplicateKeys(on.Dialect, target.Name, there, 1, where, retyped),
            1,
            cancellationToken
        );
        if (rows.Rows is not [var found, ..])
            return;
        var values = there
            .Zip(found, (name, value) => $"{name} = {ValueText.Of(value) ?? "null"}")
            .Concat(
                key.Where(name => ColumnNames.Find(names, name) is null).Select(name => $"{name} = null")
            );
        throw new NodeFailedException(
            TableDiagnostics.TargetHasSeveralOfAKey(
                model.Declaration,
                model.Name,
                key,
                $"{string.Join(", ", values)} ({found[^1]} rows)",
                model.Config.Materialized == Materialization.Snapshot
            )
        );
    }
}
