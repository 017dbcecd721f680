using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.Versions;

/// <summary>The rows that it takes to undo a batch, as a query over batch and target that is asked before the batch is published.</summary>
/// <param name="Identity">See <see cref="KeptVersion.Identity"/>.</param>
internal sealed record BatchUndo(string Query, ImmutableArray<string> Identity)
{
    /// <param name="feed">The changes that the batch makes, where they are staged already for its feed.</param>
    public static BatchUndo Of(SqlDialect dialect, IncrementalBatch batch, RelationName? feed)
    {
        if (IdentityOf(batch) is { IsEmpty: false } identity)
            return new BatchUndo(OfMerge(dialect, batch, feed, identity), identity);
        var changes = feed is { } staged
            ? Staged(dialect, batch, staged)
            : ChangeQuery.Write(dialect, batch, KeptTables.ChangeColumn);
        return new BatchUndo(WithBefore(dialect, batch, changes), []);
    }

    /// <summary>
    /// A merge leaves in each row what it does not update, its key above all: that tells which rows have come, and which
    /// ones the old images belong to. Rows that are alike in it, in a table that others have written to, become equal where all of
    /// them are updated; where some may be left as they are, whole rows are kept.
    /// </summary>
    private static ImmutableArray<string> IdentityOf(IncrementalBatch batch)
    {
        if (
            batch.Strategy != IncrementalStrategy.Merge
            || !batch.Match.Predicates.IsEmpty
            || batch.Config.SequenceBy is not null
            || !batch.Staged.Volatile.IsEmpty
        )
            return [];
        var updated = IncrementalWriter.Updated(batch).Select(column => column.Name).ToHashSet();
        // a column that the batch does not fill has whatever the table says, in a row that is new
        ImmutableArray<string> stays =
        [
            .. batch.Columns.Filled.Select(column => column.Name).Where(name => !updated.Contains(name)),
        ];
        return batch.Match.Key.All(stays.Contains) ? stays : [];
    }

    private static string OfMerge(
        SqlDialect dialect,
        IncrementalBatch batch,
        RelationName? feed,
        ImmutableArray<string> identity
    )
    {
        var changes = feed is { } staged
            ? ComeAndGone(dialect, batch, staged, [.. identity])
            : ChangeQuery.WriteWithoutUpdates(dialect, batch, KeptTables.ChangeColumn, [.. identity]);
        return WithBefore(dialect, batch, changes);
    }

    /// <summary>Of staged changes what a merge deletes, and what it inserts: of such a row its identity, null in all other columns.</summary>
    private static string ComeAndGone(
        SqlDialect dialect,
        IncrementalBatch batch,
        RelationName feed,
        ImmutableHashSet<string> identity
    )
    {
        var change = FeedTables.ChangeColumn;
        var columns = batch.Columns.After.Select(column =>
        {
            var name = dialect.QuoteIdentifier(column.Name);
            return identity.Contains(column.Name) ? name
                : batch.Gone is null ? $"cast(null as {column.Type}) as {name}"
                : $"case when {change} = 'delete' then {name} end as {name}";
        });
        return $"select {string.Join(", ", columns)}, {change} as {KeptTables.ChangeColumn} "
            + $"from {dialect.Quote(feed)} where {FeedTables.IsRow} and {change} <> 'update'";
    }

    private static string WithBefore(SqlDialect dialect, IncrementalBatch batch, string changes) =>
        ChangeQuery.Before(dialect, batch, KeptTables.Before, KeptTables.ChangeColumn) is { } before
            ? $"{changes}\nunion all\n{before}"
            : changes;

    private static string Staged(SqlDialect dialect, IncrementalBatch batch, RelationName staged)
    {
        var names = Ddl.Columns(dialect, batch.Columns.After.Select(c => c.Name));
        return $"select {names}, {FeedTables.ChangeColumn} as {KeptTables.ChangeColumn} "
            + $"from {dialect.Quote(staged)} where {FeedTables.IsRow}";
    }
}
