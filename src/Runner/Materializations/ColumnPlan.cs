using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>How the columns of an incremental batch meet those of its target.</summary>
public sealed record ColumnPlan
{
    /// <summary>The target's columns once the batch is in.</summary>
    public required ImmutableArray<ColumnSchema> After { get; init; }

    /// <summary>The columns that the batch fills; others of the target become null in its rows.</summary>
    public required ImmutableArray<ColumnSchema> Filled { get; init; }

    public ImmutableArray<ColumnSchema> Added { get; init; } = [];

    public ImmutableArray<ColumnSchema> Dropped { get; init; } = [];

    public ImmutableArray<ColumnSchema> Retyped { get; init; } = [];

    /// <summary>Columns that the batch has and that do not enter the target.</summary>
    public ImmutableArray<ColumnSchema> LeftOut { get; init; } = [];

    /// <summary>Rows that were written in the target's old shape are right in the new one, nulls in what is added.</summary>
    public bool KeepsOldShape => Dropped.IsEmpty && Retyped.IsEmpty;

    public bool ChangesTarget => !Added.IsEmpty || !Dropped.IsEmpty || !Retyped.IsEmpty;

    /// <summary>
    /// Decides by <c>on_schema_change</c>. Differences that the mode does not allow come back as the second
    /// value, one line each: then there is nothing to publish.
    /// </summary>
    public static (ColumnPlan Plan, ImmutableArray<string> Refused) Create(
        ImmutableArray<ColumnSchema> target,
        ImmutableArray<ColumnSchema> batch,
        OnSchemaChange mode
    )
    {
        var added = Except(batch, target);
        var missing = Except(target, batch);
        var common = target.Where(column => batch.Has(column.Name)).ToImmutableArray();
        var retyped = common
            .Select(column => column with { Type = batch.Find(column.Name)?.Type ?? column.Type })
            .Except(common)
            .ToImmutableArray();
        return mode switch
        {
            OnSchemaChange.Ignore => (
                new ColumnPlan
                {
                    After = target,
                    Filled = common,
                    LeftOut = added,
                },
                [.. missing.Select(column => $"column '{column.Name}' is no longer in the query")]
            ),
            OnSchemaChange.Fail => (
                new ColumnPlan { After = target, Filled = common },
                [
                    .. added.Select(column => $"column '{column.Name}' ({column.Type}) is new"),
                    .. missing.Select(column => $"column '{column.Name}' is no longer in the query"),
                    .. retyped.Select(column =>
                        $"column '{column.Name}' was {target.Find(column.Name)?.Type} and is now {column.Type}"
                    ),
                ]
            ),
            OnSchemaChange.AppendNewColumns => (
                new ColumnPlan
                {
                    After = [.. target, .. added],
                    Filled = [.. common, .. added],
                    Added = added,
                },
                []
            ),
            OnSchemaChange.SyncAllColumns => (
                new ColumnPlan
                {
                    After = [.. common.Select(column => retyped.Find(column.Name) ?? column), .. added],
                    Filled = [.. common.Select(column => retyped.Find(column.Name) ?? column), .. added],
                    Added = added,
                    Dropped = missing,
                    Retyped = retyped,
                },
                []
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
    }

    private static ImmutableArray<ColumnSchema> Except(
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<ColumnSchema> others
    ) => [.. columns.Where(column => !others.Has(column.Name))];
}
