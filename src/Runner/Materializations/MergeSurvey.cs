using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// The statements that find a merge's changes: the pairs of a target row and a batch row of the same key first, by reading nothing but keys, then
/// the rows themselves, only where in the target they lie. All of them run in one transaction, within which addresses hold.
/// </summary>
/// <param name="pairs">A temporary table, filled by <see cref="CreatePairs"/>.</param>
internal sealed class MergeSurvey(SqlDialect dialect, IncrementalBatch batch, RelationName pairs)
{
    private readonly string _targetAddress = FreeName("__strata_target", batch);
    private readonly string _batchAddress = FreeName("__strata_batch", batch);

    private readonly string _target = dialect.Quote(batch.Staged.Published);
    private readonly string _batch = dialect.Quote(batch.Staged.Physical);
    private readonly string _pairs = dialect.Quote(pairs);

    public string CreatePairs()
    {
        var met = batch.Match.Conditions.Select(condition =>
            $"select {RowAlias.Target}.{_targetAddress}, {RowAlias.Batch}.{dialect.RowAddress} as {_batchAddress} "
            + $"from ({SelectTarget()}) as {RowAlias.Target} join {_batch} as {RowAlias.Batch} on {condition}"
        );
        return $"{StageScripts.CreateTemporary(dialect, pairs)} as\n{string.Join("\nunion all\n", met)}";
    }

    /// <summary>One row: the pairs, and the batch rows in them, which are fewer where the target has several rows of a key.</summary>
    public string CountPairs() => $"select count(*), count(distinct {_batchAddress}) from {_pairs}";

    /// <summary>See <see cref="AddressBlocks.AskEnds"/>; null where nothing is gained by them.</summary>
    public string? AskEnds() =>
        dialect.ScansForAddresses && !batch.Columns.ChangesTarget
            ? AddressBlocks.AskEnds(_pairs, _targetAddress)
            : null;

    /// <summary>See <see cref="AddressBlocks.Remember"/>.</summary>
    public string Remember(AddressBlocks blocks) => blocks.Remember(_pairs, _targetAddress);

    /// <summary>The rows that change, as they are, each with the address of the row that changes it.</summary>
    /// <param name="blocks">Where they lie; null if they lie everywhere.</param>
    /// <param name="differ">See <see cref="Overlay.Differ"/>.</param>
    public string SelectBefore(AddressBlocks? blocks, string differ) =>
        $"select {Overlay.Kept(dialect, batch)}, pairs.{_batchAddress} "
        + $"from {_pairs} as pairs {JoinTarget(blocks)} "
        + $"join {_batch} as {RowAlias.Batch} on {RowAlias.Batch}.{dialect.RowAddress} = pairs.{_batchAddress} "
        + $"where {differ}";

    /// <summary>What the feed will hold: <see cref="ChangeQuery.Write"/>, out of what was found.</summary>
    /// <param name="before">The rows of <see cref="SelectBefore"/>.</param>
    public string SelectChanges(RelationName before) =>
        ChangeQuery.Union([
            .. ChangeQuery.MergeDeletes(dialect, batch),
            $"{ChangeQuery.Select(Overlay.Changing(dialect, batch), "update")} {FromChanging(before)}",
            $"{ChangeQuery.Select(Overlay.Incoming(dialect, batch), "insert")} from {_batch} as {RowAlias.Batch} "
                + $"where not exists (select 1 from {_pairs} as pairs where pairs.{_batchAddress} = {RowAlias.Batch}.{dialect.RowAddress})",
        ]);

    /// <summary>See <see cref="ChangeQuery.Moved"/>; null where the batch cannot move any row.</summary>
    public string? SelectMoved(RelationName before, string eventTime) =>
        ChangeQuery.StaysInTime(dialect, batch, eventTime) is { } stays
            ? $"{ChangeQuery.Select(Overlay.Kept(dialect, batch), FeedTables.Moved)} {FromChanging(before)} where not ({stays})"
            : null;

    public string DropPairs() => $"drop table {_pairs}";

    private string FromChanging(RelationName before) =>
        $"from {dialect.Quote(before)} as {RowAlias.Target} "
        + $"join {_batch} as {RowAlias.Batch} on {RowAlias.Batch}.{dialect.RowAddress} = {RowAlias.Target}.{_batchAddress}";

    /// <summary>The rows of the target by address, in the shape that they will have.</summary>
    private string SelectTarget() =>
        $"select {RowAlias.Target}.{dialect.RowAddress} as {_targetAddress}, "
        + (batch.Columns.ChangesTarget ? Overlay.Kept(dialect, batch) : $"{RowAlias.Target}.*")
        + $" from {_target} as {RowAlias.Target}";

    private string JoinTarget(AddressBlocks? blocks) =>
        blocks is null
            ? $"join (\n{SelectTarget()}\n) as {RowAlias.Target} on {RowAlias.Target}.{_targetAddress} = pairs.{_targetAddress}"
            : $"join {_target} as {RowAlias.Target} on {RowAlias.Target}.{dialect.RowAddress} = pairs.{_targetAddress} and {blocks.Hold(RowAlias.Target)}";

    /// <summary>A name beside all columns of target and batch, which may be called anything.</summary>
    private static string FreeName(string name, IncrementalBatch batch)
    {
        while (
            batch.Columns.After.Has(name)
            || batch.Staged.Columns.Has(name)
            || batch.Staged.Existing?.Columns.Has(name) == true
        )
            name += "_";
        return name;
    }
}
