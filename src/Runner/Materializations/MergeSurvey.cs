using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// The statements that find a merge's changes: the pairs of a target row and a batch row of the same key first, by reading nothing but keys, then
/// the rows themselves, only where in the target they lie. All of them run in one transaction, within which addresses hold.
/// </summary>
/// <param name="pairs">A temporary table, filled by <see cref="CreatePairs"/>.</param>
internal sealed class MergeSurvey(SqlDialect dialect, IncrementalBatch batch, RelationName pairs)
{
    private const string TargetAddress = "__strata_target";
    private const string BatchAddress = "__strata_batch";

    private readonly string _target = dialect.Quote(batch.Staged.Published);
    private readonly string _batch = dialect.Quote(batch.Staged.Physical);
    private readonly string _pairs = dialect.Quote(pairs);

    public string CreatePairs()
    {
        var met = batch.Match.Conditions.Select(condition =>
            $"select target.{TargetAddress}, batch.{dialect.RowAddress} as {BatchAddress} "
            + $"from ({SelectTarget()}) as target join {_batch} as batch on {condition}"
        );
        return $"{StageScripts.CreateTemporary(dialect, pairs)} as\n{string.Join("\nunion all\n", met)}";
    }

    /// <summary>One row: the pairs, and the batch rows in them, which are fewer where the target has several rows of a key.</summary>
    public string CountPairs() => $"select count(*), count(distinct {BatchAddress}) from {_pairs}";

    /// <summary>The least and the greatest address that is met in each block of the target, in order.</summary>
    /// <param name="block">See <see cref="SqlDialect.AddressBlock"/>.</param>
    public string AskPlaces(long block) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"select min({TargetAddress}), max({TargetAddress}) from {_pairs} group by {TargetAddress} // {block} order by 1"
        );

    /// <summary>The rows that change, as they are, each with the address of the row that changes it.</summary>
    /// <param name="spans">Where they lie; empty if they lie everywhere.</param>
    /// <param name="differ">See <see cref="Overlay.Differ"/>.</param>
    public string SelectBefore(ImmutableArray<AddressSpan> spans, string differ)
    {
        var rows = spans.IsEmpty ? SelectTarget() : ChangeQuery.Union([.. spans.Select(SelectTarget)]);
        return $"select {Overlay.Kept(dialect, batch)}, pairs.{BatchAddress} "
            + $"from {_pairs} as pairs "
            + $"join (\n{rows}\n) as target on target.{TargetAddress} = pairs.{TargetAddress} "
            + $"join {_batch} as batch on batch.{dialect.RowAddress} = pairs.{BatchAddress} "
            + $"where {differ}";
    }

    /// <summary>What the feed will hold: <see cref="ChangeQuery.Write"/>, out of what was found.</summary>
    /// <param name="before">The rows of <see cref="SelectBefore"/>.</param>
    public string SelectChanges(RelationName before) =>
        ChangeQuery.Union([
            .. ChangeQuery.MergeDeletes(dialect, batch),
            $"{ChangeQuery.Select(Overlay.Changing(dialect, batch), "update")} {FromChanging(before)}",
            $"{ChangeQuery.Select(Overlay.Incoming(dialect, batch), "insert")} from {_batch} as batch "
                + $"where not exists (select 1 from {_pairs} as pairs where pairs.{BatchAddress} = batch.{dialect.RowAddress})",
        ]);

    /// <summary>See <see cref="ChangeQuery.Moved"/>; null where the batch cannot move any row.</summary>
    public string? SelectMoved(RelationName before, string eventTime) =>
        ChangeQuery.StaysInTime(dialect, batch, eventTime) is { } stays
            ? $"{ChangeQuery.Select(Overlay.Kept(dialect, batch), FeedTables.Moved)} {FromChanging(before)} where not ({stays})"
            : null;

    public string DropPairs() => $"drop table {_pairs}";

    private string FromChanging(RelationName before) =>
        $"from {dialect.Quote(before)} as target "
        + $"join {_batch} as batch on batch.{dialect.RowAddress} = target.{BatchAddress}";

    /// <summary>The rows of the target by address, in the shape that they will have.</summary>
    private string SelectTarget() =>
        $"select target.{dialect.RowAddress} as {TargetAddress}, "
        + (batch.Columns.ChangesTarget ? Overlay.Kept(dialect, batch) : "target.*")
        + $" from {_target} as target";

    private string SelectTarget(AddressSpan span) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{SelectTarget()} where target.{dialect.RowAddress} between {span.First} and {span.Last}"
        );
}
