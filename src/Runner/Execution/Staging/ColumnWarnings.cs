using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution.Staging;

/// <summary>Says which values are lost when a batch has other columns than its relation, and which columns hardly anybody wants in it.</summary>
internal static class ColumnWarnings
{
    public static ImmutableArray<Diagnostic> Of(ModelNode model, StagedNode staged)
    {
        if (KeepsChange(model, staged))
            return [TableDiagnostics.ChangeKept(model.Declaration, model.Name)];
        // whoever asks for a full refresh asks for the columns of the query
        if (staged is not { Batch.Columns: var columns, Node.Action: PlannedAction.Incremental })
            return [];
        var warnings = ImmutableArray.CreateBuilder<Diagnostic>();
        if (!columns.LeftOut.IsEmpty)
            warnings.Add(
                TableDiagnostics.ColumnsLeftOut(model.Declaration, model.Name, Words(columns.LeftOut))
            );
        if (!columns.Dropped.IsEmpty)
            warnings.Add(
                TableDiagnostics.ColumnsDropped(model.Declaration, model.Name, Words(columns.Dropped))
            );
        // said by the run that has these types first: from then on it is what somebody has decided
        if (staged is { Batch.NewlyCast: { IsEmpty: false } cast })
            warnings.Add(
                TableDiagnostics.ColumnsCast(
                    model.Declaration,
                    model.Name,
                    [
                        .. cast.Select(column =>
                            $"'{column.Name}' ({column.Type}, in the table {columns.After.Find(column.Name)?.Type})"
                        ),
                    ]
                )
            );
        return warnings.ToImmutable();
    }

    // said once: some want it so
    private static bool KeepsChange(ModelNode model, StagedNode staged) =>
        staged.Node.Action == PlannedAction.Full
        && model.Config is { Materialized: Materialization.Incremental, UniqueKey.IsEmpty: false }
        && FeedTopology.ChangesReadBy(model).Any()
        && staged.Columns.Any(column => column.Name == FeedTables.ChangeColumn);

    private static ImmutableArray<string> Words(ImmutableArray<ColumnSchema> columns) =>
        [.. columns.Select(column => $"'{column.Name}' ({column.Type})")];
}
