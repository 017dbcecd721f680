using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution.Staging;

/// <summary>Says which values are lost when a batch has other columns than its relation.</summary>
internal static class ColumnWarnings
{
    public static ImmutableArray<Diagnostic> Of(ModelNode model, StagedNode staged)
    {
        // whoever asks for a full refresh asks for the columns of the query
        if (staged is not { Batch.Columns: var columns, Node.Action: PlannedAction.Incremental })
            return [];
        var warnings = ImmutableArray.CreateBuilder<Diagnostic>();
        if (!columns.LeftOut.IsEmpty)
            warnings.Add(
                StateDiagnostics.ColumnsLeftOut(model.Declaration, model.Name, Words(columns.LeftOut))
            );
        if (!columns.Dropped.IsEmpty)
            warnings.Add(
                StateDiagnostics.ColumnsDropped(model.Declaration, model.Name, Words(columns.Dropped))
            );
        return warnings.ToImmutable();
    }

    private static ImmutableArray<string> Words(ImmutableArray<ColumnSchema> columns) =>
        [.. columns.Select(column => $"'{column.Name}' ({column.Type})")];
}
