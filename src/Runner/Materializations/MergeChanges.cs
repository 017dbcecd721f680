using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// What a merge changes, written down while it is staged: for the feed, for the rows that lead back, and for the publish, which then needs
/// the target's keys only. Reading all columns of a long history is most of what a merge costs, and each statement that asks for them does it
/// anew.
/// </summary>
/// <param name="Changes">Rows that come, and those that change as they will be; <see cref="FeedTables.ChangeColumn"/> says which.</param>
/// <param name="Before">Rows that change, as they are, in the shape that the target will have.</param>
public sealed record MergeChanges(RelationName Changes, RelationName Before)
{
    /// <summary>Deletes the rows that change from the target, by key; no two of its rows have the same.</summary>
    public ImmutableArray<string> DeleteChanged(SqlDialect dialect, IncrementalBatch batch) =>
        [
            .. batch.Match.Conditions.Select(condition =>
                $"delete from {dialect.Quote(batch.Staged.Published)} as target "
                + $"using {dialect.Quote(Changes)} as batch "
                + $"where {Is("update", "batch.")} and {condition}"
            ),
        ];

    /// <summary>The rows that change and those that come, as they will be.</summary>
    public string SelectWritten(SqlDialect dialect, string columns) =>
        $"select {columns} from {dialect.Quote(Changes)} where {FeedTables.ChangeColumn} in ('insert', 'update')";

    /// <summary>One of them.</summary>
    /// <param name="change"><c>insert</c> or <c>update</c>.</param>
    public string SelectWritten(SqlDialect dialect, string columns, string change) =>
        $"select {columns} from {dialect.Quote(Changes)} where {Is(change)}";

    private static string Is(string change, string prefix = "") =>
        $"{prefix}{FeedTables.ChangeColumn} = '{change}'";
}
