using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>
/// The post-image of an incremental model: a query over target and batch that gives the rows which the target
/// will have once the batch is published.
/// </summary>
public static class Overlay
{
    public static string CreateView(SqlDialect dialect, IncrementalBatch batch) =>
        $"create view {dialect.Quote(batch.Staged.PostImage)} as\n{Query(dialect, batch)}";

    public static string Query(SqlDialect dialect, IncrementalBatch batch)
    {
        var target = $"{Target(dialect, batch)} as {RowAlias.Target}";
        var stage = $"{dialect.Quote(batch.Staged.Physical)} as {RowAlias.Batch}";
        var all = $"select {Incoming(dialect, batch)} from {stage}";
        var old = $"select {Kept(dialect, batch)} from {target}";
        return batch.Strategy switch
        {
            IncrementalStrategy.Append => $"{old}\nunion all\n{all}",
            IncrementalStrategy.DeleteInsert =>
                $"{old} where {batch.Match.NotInBatch(dialect.Quote(batch.Staged.Physical))}\nunion all\n{all}",
            IncrementalStrategy.InsertOverwrite =>
                $"{old} where not exists (select 1 from {IncrementalWriter.Partitions(dialect, batch)} as partitions "
                    + $"where {IncrementalWriter.PartitionMatch(dialect, batch)})\nunion all\n{all}",
            IncrementalStrategy.Microbatch when batch.Periods is { } periods =>
                $"{old} where {periods.Stays(dialect, RowAlias.Target)}\nunion all\n{all}",
            IncrementalStrategy.Merge => Merged(dialect, batch, old, all),
            _ => throw new NotSupportedException($"strategy {batch.Strategy}"),
        };
    }

    private static string Merged(SqlDialect dialect, IncrementalBatch batch, string old, string all)
    {
        var target = Target(dialect, batch);
        var stage = dialect.Quote(batch.Staged.Physical);
        var parts = ImmutableArray.CreateBuilder<string>();
        var stays = batch.Gone is { } gone ? $" and {batch.MatchGone.NotInBatch(dialect.Quote(gone))}" : "";
        parts.Add($"{old} where {batch.Match.NotInBatch(stage)}{stays}");
        foreach (var condition in batch.Match.Conditions)
            parts.Add(
                $"select {Merging(dialect, batch)} from {target} as {RowAlias.Target} join {stage} as {RowAlias.Batch} on {condition}"
            );
        parts.Add($"{all} where {batch.Match.NotIn(target, stage)}");
        return string.Join("\nunion all\n", parts);
    }

    /// <summary>A row that is in both: updated columns from the batch, if it changes anything, others as they were.</summary>
    internal static string Merging(SqlDialect dialect, IncrementalBatch batch)
    {
        var updated = IncrementalWriter.Updated(batch);
        var differ = Differ(dialect, batch);
        return List(
            batch,
            column =>
            {
                var name = dialect.QuoteIdentifier(column.Name);
                var before = Before(dialect, batch, column);
                return differ is null || updated.All(c => c.Name != column.Name)
                    ? $"{before} as {name}"
                    : $"case when {differ} then cast({RowAlias.Batch}.{name} as {column.Type}) else {before} end as {name}";
            }
        );
    }

    /// <summary>A row that the batch changes: updated columns from the batch, others as they were.</summary>
    internal static string Changing(SqlDialect dialect, IncrementalBatch batch)
    {
        var updated = IncrementalWriter.Updated(batch);
        return List(
            batch,
            column =>
            {
                var name = dialect.QuoteIdentifier(column.Name);
                var value = updated.Any(c => c.Name == column.Name)
                    ? $"cast({RowAlias.Batch}.{name} as {column.Type})"
                    : Before(dialect, batch, column);
                return $"{value} as {name}";
            }
        );
    }

    /// <summary>
    /// True where merging a batch row changes the row it meets; null if it never does. What the update compares is
    /// what decides, so that a volatile column moves in both or in neither.
    /// </summary>
    internal static string? Differ(SqlDialect dialect, IncrementalBatch batch)
    {
        var differ = RowChanges.Differ(
            dialect,
            IncrementalWriter.Updated(batch),
            batch.Staged.Volatile,
            column => Before(dialect, batch, column)
        );
        return differ is null ? null
            : IncrementalWriter.NotOlder(batch) is { } guard ? $"({differ}) and {guard}"
            : $"({differ})";
    }

    /// <summary>
    /// What <c>target</c> stands for while the target is as it was: its rows in the shape that they will have, so that a batch meets keys,
    /// partitions and sequences of its own types.
    /// </summary>
    internal static string Target(SqlDialect dialect, IncrementalBatch batch)
    {
        var table = dialect.Quote(batch.Staged.Published);
        return batch.Columns.ChangesTarget
            ? $"(select {Kept(dialect, batch)} from {table} as {RowAlias.Target})"
            : table;
    }

    /// <summary>A row of the target that stays, in the target's new shape.</summary>
    internal static string Kept(SqlDialect dialect, IncrementalBatch batch) =>
        List(batch, column => $"{Before(dialect, batch, column)} as {dialect.QuoteIdentifier(column.Name)}");

    /// <summary>A row of the batch as it will stand in the target.</summary>
    /// <param name="only">The columns that are filled in; null for all.</param>
    internal static string Incoming(
        SqlDialect dialect,
        IncrementalBatch batch,
        ImmutableHashSet<string>? only = null
    ) =>
        List(
            batch,
            column =>
                (
                    only?.Contains(column.Name) != false
                        ? Incoming(dialect, batch, column)
                        : $"cast(null as {column.Type})"
                ) + $" as {dialect.QuoteIdentifier(column.Name)}"
        );

    /// <summary>A column of a row of the batch as it will stand in the target; null where the batch does not fill it.</summary>
    internal static string Incoming(SqlDialect dialect, IncrementalBatch batch, ColumnSchema column) =>
        batch.Columns.Filled.Any(filled => filled.Name == column.Name)
            ? $"cast({RowAlias.Batch}.{dialect.QuoteIdentifier(column.Name)} as {column.Type})"
            : $"cast(null as {column.Type})";

    private static string List(IncrementalBatch batch, Func<ColumnSchema, string> select) =>
        string.Join(", ", batch.Columns.After.Select(select));

    /// <summary>A column of the target in its shape after publishing.</summary>
    internal static string Before(SqlDialect dialect, IncrementalBatch batch, ColumnSchema column) =>
        IsNew(batch, column) ? $"cast(null as {column.Type})"
        : IsRetyped(batch, column)
            ? $"cast({RowAlias.Target}.{dialect.QuoteIdentifier(column.Name)} as {column.Type})"
        : $"{RowAlias.Target}.{dialect.QuoteIdentifier(column.Name)}";

    private static bool IsNew(IncrementalBatch batch, ColumnSchema column) =>
        batch.Columns.Added.Any(added => added.Name == column.Name);

    private static bool IsRetyped(IncrementalBatch batch, ColumnSchema column) =>
        batch.Columns.Retyped.Any(retyped => retyped.Name == column.Name);
}
