using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>Publishes a batch into its target: append, merge, delete+insert or insert_overwrite.</summary>
public static class IncrementalWriter
{
    private const string PartitionPrefix = "__strata_partition_";

    public static PublishScript Write(SqlDialect dialect, IncrementalBatch batch)
    {
        var columnSteps = ColumnSteps(dialect, batch);
        IEnumerable<PublishStep> steps = batch.Strategy switch
        {
            IncrementalStrategy.Append => [Insert(dialect, batch, null)],
            IncrementalStrategy.Merge => Merge(dialect, batch),
            IncrementalStrategy.DeleteInsert => DeleteInsert(dialect, batch),
            IncrementalStrategy.InsertOverwrite => InsertOverwrite(dialect, batch),
            IncrementalStrategy.Microbatch => Microbatch(dialect, batch),
            _ => throw new NotSupportedException($"strategy {batch.Strategy}"),
        };
        ImmutableArray<string> meet = batch.Met is { } met ? [met.Create(dialect, batch)] : [];
        // addresses are looked up in the table as the columns' changes leave it; who keeps old versions then copies them whole
        var isAltered = !columnSteps.IsEmpty;
        return new PublishScript([
            .. columnSteps,
            .. isAltered ? meet.Select(sql => new PublishStep(sql)) : [],
            .. steps,
        ])
        {
            BeforeChanges = isAltered ? [] : meet,
            Rule = batch.Strategy switch
            {
                IncrementalStrategy.Merge => RowRule.Merge,
                // rows that are there already are not inserted again
                IncrementalStrategy.Microbatch => RowRule.None,
                _ => RowRule.Insert,
            },
            CountMet =
                batch.Strategy == IncrementalStrategy.Merge
                    ? batch.Match.CountMet(
                        dialect.Quote(batch.Staged.Published),
                        dialect.Quote(batch.Staged.Physical)
                    )
                    : null,
            ChangesColumnsInPlace = !batch.Columns.Dropped.IsEmpty || !batch.Columns.Retyped.IsEmpty,
            CountsChanges = !isAltered,
        };
    }

    public static string Words(IncrementalStrategy strategy) =>
        strategy switch
        {
            IncrementalStrategy.Append => "append",
            IncrementalStrategy.Merge => "merge",
            IncrementalStrategy.DeleteInsert => "delete+insert",
            IncrementalStrategy.InsertOverwrite => "insert_overwrite",
            IncrementalStrategy.Microbatch => "microbatch",
            _ => throw new ArgumentOutOfRangeException(nameof(strategy)),
        };

    /// <summary>The columns that a merge changes in rows that are there already.</summary>
    public static ImmutableArray<ColumnSchema> Updated(IncrementalBatch batch)
    {
        var config = batch.Config;
        return
        [
            .. batch.Columns.Filled.Where(column =>
                !Has(config.UniqueKey, column)
                && (config.MergeUpdateColumns.IsEmpty || Has(config.MergeUpdateColumns, column))
                && !Has(config.MergeExcludeColumns, column)
            ),
        ];
    }

    /// <summary>The batch row is not older than the row it would replace, by <c>sequence_by</c>.</summary>
    public static string? NotOlder(IncrementalBatch batch)
    {
        if (batch.Config.SequenceBy is not { } sequence)
            return null;
        var column = batch.Staged.Columns.Find(sequence);
        if (column is null)
            return null;
        var name = batch.Match.Dialect.QuoteIdentifier(column.Name);
        return $"({RowAlias.Target}.{name} is null or {RowAlias.Batch}.{name} >= {RowAlias.Target}.{name})";
    }

    /// <summary>The partitions of the batch, as a relation to be compared with <see cref="PartitionMatch"/>.</summary>
    public static string Partitions(SqlDialect dialect, IncrementalBatch batch)
    {
        if (!batch.ReplacedFiles.IsEmpty)
        {
            var files = batch.ReplacedFiles.Select(file => $"({dialect.QuoteString(file)})");
            return $"(select file as {PartitionPrefix}0 from (values {string.Join(", ", files)}) as replaced(file))";
        }
        var columns = PartitionsBy(dialect, batch)
            .Select((expression, i) => $"({expression}\n) as {PartitionPrefix}{i}");
        return $"(select distinct {string.Join(", ", columns)} from {dialect.Quote(batch.Staged.Physical)})";
    }

    public static string PartitionMatch(SqlDialect dialect, IncrementalBatch batch) =>
        string.Join(
            " and ",
            PartitionsBy(dialect, batch)
                .Select(
                    (expression, i) =>
                        dialect.NullSafeEquals($"partitions.{PartitionPrefix}{i}", $"({expression}\n)")
                )
        );

    /// <summary>What names a partition: columns, quoted where an entry is the name of one, else SQL as it is written.</summary>
    private static IEnumerable<string> PartitionsBy(SqlDialect dialect, IncrementalBatch batch)
    {
        ImmutableArray<string> columns = [.. batch.Staged.Columns.Select(column => column.Name)];
        return batch.Config.PartitionBy.Select(entry =>
            ColumnNames.Find(columns, entry) is { } column ? dialect.QuoteIdentifier(column) : entry
        );
    }

    private static ImmutableArray<PublishStep> ColumnSteps(SqlDialect dialect, IncrementalBatch batch)
    {
        var alter = $"alter table {dialect.Quote(batch.Staged.Published)} ";
        string Name(ColumnSchema column) => dialect.QuoteIdentifier(column.Name);
        return
        [
            .. batch.Columns.Dropped.Select(column => new PublishStep($"{alter}drop column {Name(column)}")),
            .. batch.Columns.Retyped.Select(column => new PublishStep(
                $"{alter}alter column {Name(column)} type {column.Type} using cast({Name(column)} as {column.Type})"
            )),
            .. batch.Columns.Added.Select(column => new PublishStep(
                $"{alter}add column {Name(column)} {column.Type}"
            )),
        ];
    }

    private static IEnumerable<PublishStep> Merge(SqlDialect dialect, IncrementalBatch batch)
    {
        if (batch.Gone is { } gone)
        {
            foreach (var delete in DeleteKeysOf(dialect, batch, batch.MatchGone, gone))
                yield return delete;
        }
        if (batch.Merged is { } merged)
        {
            foreach (var delete in merged.DeleteChanged(dialect, batch))
                yield return new PublishStep(delete, RowEffect.Updated);
            foreach (var insert in InsertMerged(dialect, batch, merged))
                yield return insert;
            yield break;
        }
        var target = dialect.Quote(batch.Staged.Published);
        if (batch.Met is { } met)
        {
            yield return new PublishStep(met.DeleteChanged(dialect, target), RowEffect.Updated);
            foreach (var insert in InsertMet(dialect, batch, met))
                yield return insert;
            yield return new PublishStep(met.Drop(dialect));
            yield break;
        }
        var updated = Updated(batch);
        var fresh = NewRows.Of(dialect, batch);
        if (fresh is not null)
            yield return new PublishStep(fresh.Create(dialect, batch));
        if (RowChanges.Differ(dialect, updated, batch.Staged.Volatile) is { } differ)
        {
            var guard = NotOlder(batch) is { } notOlder ? $" and {notOlder}" : "";
            foreach (var condition in batch.Match.Conditions)
            {
                yield return new PublishStep(
                    $"""
                    update {target} as {RowAlias.Target} set {RowChanges.Assign(dialect, updated)}
                    from {dialect.Quote(
                        batch.Staged.Physical
                    )} as {RowAlias.Batch} where {condition} and ({differ}){guard}
                    """,
                    RowEffect.Updated
                );
            }
        }
        yield return Insert(dialect, batch, fresh?.Holds(dialect) ?? batch.Match.NotIn(target));
        if (fresh is not null)
            yield return new PublishStep(fresh.Drop(dialect));
    }

    /// <summary>
    /// The changed rows and the new ones, in one statement: a transaction adds more slowly to what it has added to before. Only
    /// where new rows leave columns to their defaults are they two.
    /// </summary>
    private static IEnumerable<PublishStep> InsertMet(
        SqlDialect dialect,
        IncrementalBatch batch,
        MatchedRows met
    )
    {
        var columns = Ddl.Columns(dialect, batch.Columns.After.Select(column => column.Name));
        var insert = $"insert into {dialect.Quote(batch.Staged.Published)} ({columns})";
        if (batch.Columns.Filled.Length == batch.Columns.After.Length)
        {
            yield return new PublishStep($"{insert}\n{met.SelectWritten(dialect, batch)}", RowEffect.Written);
            yield break;
        }
        yield return Insert(dialect, batch, met.IsNew(dialect));
        yield return new PublishStep($"{insert}\n{met.SelectChanged(dialect, batch)}");
    }

    /// <summary>The same out of what is staged.</summary>
    private static IEnumerable<PublishStep> InsertMerged(
        SqlDialect dialect,
        IncrementalBatch batch,
        MergeChanges merged
    )
    {
        var table = dialect.Quote(batch.Staged.Published);
        var columns = Ddl.Columns(dialect, batch.Columns.After.Select(column => column.Name));
        if (batch.Columns.Filled.Length == batch.Columns.After.Length)
        {
            yield return new PublishStep(
                $"insert into {table} ({columns})\n{merged.SelectWritten(dialect, columns)}",
                RowEffect.Written
            );
            yield break;
        }
        var filled = Ddl.Columns(dialect, batch.Columns.Filled.Select(column => column.Name));
        yield return new PublishStep(
            $"insert into {table} ({filled})\n{merged.SelectWritten(dialect, filled, "insert")}",
            RowEffect.Inserted
        );
        yield return new PublishStep(
            $"insert into {table} ({columns})\n{merged.SelectWritten(dialect, columns, "update")}"
        );
    }

    private static IEnumerable<PublishStep> DeleteInsert(SqlDialect dialect, IncrementalBatch batch)
    {
        foreach (var delete in DeleteKeysOf(dialect, batch, batch.Match, batch.Staged.Physical))
            yield return delete;
        yield return Insert(dialect, batch, null);
    }

    private static IEnumerable<PublishStep> DeleteKeysOf(
        SqlDialect dialect,
        IncrementalBatch batch,
        KeyMatch match,
        RelationName keys
    ) =>
        match.Conditions.Select(condition => new PublishStep(
            $"delete from {dialect.Quote(batch.Staged.Published)} as {RowAlias.Target} "
                + $"where exists (select 1 from {dialect.Quote(keys)} as {RowAlias.Batch} where {condition})",
            RowEffect.Deleted
        ));

    private static IEnumerable<PublishStep> InsertOverwrite(SqlDialect dialect, IncrementalBatch batch)
    {
        yield return new PublishStep(
            $"""
            delete from {dialect.Quote(batch.Staged.Published)} where exists (
              select 1 from {Partitions(dialect, batch)} as partitions where {PartitionMatch(dialect, batch)}
            )
            """,
            RowEffect.Deleted
        );
        yield return Insert(dialect, batch, null);
    }

    private static IEnumerable<PublishStep> Microbatch(SqlDialect dialect, IncrementalBatch batch)
    {
        if (batch.Periods?.Foreign(dialect) is { } foreign)
            yield return new PublishStep(
                $"delete from {dialect.Quote(batch.Staged.Published)} where {foreign}",
                RowEffect.Deleted
            );
        foreach (var step in Bag(dialect, batch).Steps())
            yield return step;
    }

    /// <summary>The rows of a batch's periods, and those that take their place: only what differs is written.</summary>
    internal static RowBag Bag(SqlDialect dialect, IncrementalBatch batch) =>
        new(
            dialect,
            dialect.Quote(batch.Staged.Published),
            batch.Periods?.Replaced(dialect)
                ?? throw new InvalidOperationException("a microbatch replaces periods"),
            $"(select {Overlay.Incoming(dialect, batch)} from {dialect.Quote(batch.Staged.Physical)} as {RowAlias.Batch}) as incoming",
            batch.Columns.After,
            batch.Staged.Volatile
        );

    private static PublishStep Insert(SqlDialect dialect, IncrementalBatch batch, string? where)
    {
        var columns = Ddl.Columns(dialect, batch.Columns.Filled.Select(column => column.Name));
        var sql =
            $"insert into {dialect.Quote(batch.Staged.Published)} ({columns})\n"
            + $"select {columns} from {dialect.Quote(batch.Staged.Physical)} as {RowAlias.Batch}";
        return new PublishStep(where is null ? sql : $"{sql}\nwhere {where}", RowEffect.Inserted);
    }

    private static bool Has(ImmutableArray<string> names, ColumnSchema column) =>
        names.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
}
