using Strata.Compiler.Manifest.Models;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Auditing;

/// <summary>
/// Whether the rows of a batch, as they are staged, are exactly the rows that publishing it adds or changes. Only then
/// may a check of single rows look at the batch alone.
/// </summary>
internal static class BatchScope
{
    /// <returns>Why not, in words; null when they are.</returns>
    public static string? WhyNot(IncrementalBatch batch)
    {
        if (WhyNever(batch.Config, !batch.Staged.Volatile.IsEmpty) is { } never)
            return never;
        // what is already there gets new values, too: nulls in a new column, casts to another type
        if (batch.Columns.ChangesTarget)
            return "the batch changes the columns of all rows";
        var types = batch.Staged.Columns.ToDictionary(
            column => column.Name,
            column => column.Type,
            StringComparer.OrdinalIgnoreCase
        );
        return batch.Columns.After.All(column => types.GetValueOrDefault(column.Name) == column.Type)
            ? null
            : "the batch lacks columns of the relation or has other types";
    }

    /// <summary>The same, as far as the configuration alone decides it.</summary>
    public static string? WhyNever(ModelConfig config, bool hasVolatile)
    {
        if (config.Strategy != IncrementalStrategy.Merge)
            return null;
        if (config.SequenceBy is not null)
            return "sequence_by: a row of the batch may lose to one that is there";
        if (!config.MergeUpdateColumns.IsEmpty || !config.MergeExcludeColumns.IsEmpty)
            return "a merge of some columns mixes rows of the batch with those that are there";
        return hasVolatile
            ? "a row that differs in volatile columns alone is not taken from the batch"
            : null;
    }
}
