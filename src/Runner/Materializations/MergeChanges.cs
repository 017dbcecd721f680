using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// What a merge changes, written down while it is staged: for the feed, for the rows that lead back, and for the publish, which then needs
/// the target's keys only. Reading all columns of a long history is most of what a merge costs, and each statement that asks for them does it
/// anew. Nor does any of them match rows once more: <c>incremental_predicates</c> may ask for the time, for columns that a changed row
/// does not have, or for other rows.
/// </summary>
/// <param name="Changes">Rows that come, and those that change as they will be; <see cref="FeedTables.ChangeColumn"/> says which.</param>
/// <param name="Before">Rows that change, as they are, in the shape that the target will have.</param>
/// <param name="Changed">How many rows change.</param>
/// <param name="IsByKey">Whether no other row of the target has the key of a row that changes; otherwise it is told by all its columns.</param>
public sealed record MergeChanges(RelationName Changes, RelationName Before, long Changed, bool IsByKey)
{
    private const string TargetAddress = "__strata_target";
    private const string BeforeAddress = "__strata_before";

    /// <summary>Deletes the rows that change from the target.</summary>
    public ImmutableArray<string> DeleteChanged(SqlDialect dialect, IncrementalBatch batch)
    {
        var target = dialect.Quote(batch.Staged.Published);
        var before = dialect.Quote(Before);
        // both sides have the columns and types of the target, so that nothing but their keys is left to be compared
        var conditions = (batch.Match with { Predicates = [], Range = null }).Conditions;
        return IsByKey
            ?
            [
                .. conditions.Select(condition =>
                    $"delete from {target} as {RowAlias.Target} using {before} as {RowAlias.Batch} where {condition}"
                ),
            ]
            : [DeleteIdentical(dialect, batch, target, before, conditions)];
    }

    /// <summary>
    /// Deletes the rows that are as those of <see cref="Before"/>. They are looked for by key, and only those found are read: addresses
    /// hold within a statement.
    /// </summary>
    private static string DeleteIdentical(
        SqlDialect dialect,
        IncrementalBatch batch,
        string target,
        string before,
        ImmutableArray<string> conditions
    )
    {
        var address = dialect.RowAddress;
        var pairs = conditions.Select(condition =>
            $"select {RowAlias.Target}.{address} as {TargetAddress}, {RowAlias.Batch}.{address} as {BeforeAddress} from {target} as {RowAlias.Target} join {before} as {RowAlias.Batch} on {condition}"
        );
        var differ = RowChanges.Differ(dialect, batch.Columns.After, []) ?? "false";
        return $"""
            delete from {target} where {address} in (
            with pairs as materialized (
            {string.Join("\nunion all\n", pairs)}
            )
            select pairs.{TargetAddress} from pairs
            join {target} as {RowAlias.Target} on {RowAlias.Target}.{address} = pairs.{TargetAddress}
            join {before} as {RowAlias.Batch} on {RowAlias.Batch}.{address} = pairs.{BeforeAddress}
            where not ({differ})
            )
            """;
    }

    /// <summary>The rows that change and those that come, as they will be.</summary>
    public string SelectWritten(SqlDialect dialect, string columns) =>
        $"select {columns} from {dialect.Quote(Changes)} where {FeedTables.ChangeColumn} in ('insert', 'update')";

    /// <summary>One of them.</summary>
    /// <param name="change"><c>insert</c> or <c>update</c>.</param>
    public string SelectWritten(SqlDialect dialect, string columns, string change) =>
        $"select {columns} from {dialect.Quote(Changes)} where {FeedTables.ChangeColumn} = '{change}'";
}
