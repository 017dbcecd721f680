using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>Stages what a batch changes in its target, for those who read the changes.</summary>
internal sealed class ChangeStager(RunContext context, NodeStatements statements)
{
    /// <summary>Where rows lie is asked from this many on: a few are found as quickly without.</summary>
    private const long FewPairs = 32;

    private const string BlocksVariable = "strata_blocks";

    /// <param name="producerId">The model or transfer whose batch it is.</param>
    /// <param name="about">The node to blame.</param>
    /// <returns>The batch, with its changes where the publish can write them as they are; and where the changes are.</returns>
    public async Task<(IncrementalBatch Batch, RelationName Changes)> StageAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        string producerId,
        RelationNode about,
        IncrementalBatch batch,
        CancellationToken cancellationToken
    )
    {
        var staged = batch.Staged;
        // all rows of a batch that is only added are changes: nothing has to be looked for, or written once more
        var kind = batch.Strategy == IncrementalStrategy.Append ? RelationKind.View : RelationKind.Table;
        var changes =
            kind == RelationKind.View && staged.Physical.Catalog is null
                ? on.Names.StoredChanges(staged.Published)
                : on.Names.Changes(staged.Published);
        var eventTime = context.Feeds.IsDivided(producerId) ? about.EventTime() : null;
        on.AddInMemory(changes, kind);
        if (
            on.Capabilities.ReplacesFasterThanUpdates
            && batch.Strategy == IncrementalStrategy.Merge
            && Overlay.Differ(on.Dialect, batch) is { } differ
        )
        {
            var before = on.Names.Before(staged.Published);
            on.AddInMemory(before);
            var merged = await FindAsync(
                lease,
                on,
                about,
                batch,
                (changes, before),
                (differ, eventTime),
                cancellationToken
            );
            return (batch with { Merged = merged }, changes);
        }
        var create =
            kind == RelationKind.View
                ? $"create view {on.Dialect.Quote(changes)}"
                : StageScripts.CreateTable(on.Dialect, on.Capabilities, changes);
        var sql = $"{create} as\n{ChangeQuery.Write(on.Dialect, batch)}";
        if (eventTime is not null && ChangeQuery.Moved(on.Dialect, batch, eventTime) is { } moved)
            sql = $"{sql}\nunion all\n{moved}";
        await using (await lease.Session.PreferIndexesAsync(cancellationToken))
            await statements.RunAsync(lease, about, new ModelStatement(sql), cancellationToken);
        return (batch, changes);
    }

    /// <summary>Finds the changes of a merge by the keys that it meets, in one transaction: addresses hold no longer.</summary>
    private async Task<MergeChanges> FindAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        IncrementalBatch batch,
        (RelationName Changes, RelationName Before) places,
        (string Differ, string? EventTime) rows,
        CancellationToken cancellationToken
    )
    {
        var survey = new MergeSurvey(on.Dialect, batch, on.Names.Pairs(batch.Staged.Published));
        await using var transaction = await lease.Session.BeginAsync(cancellationToken);
        await RunAsync(survey.CreatePairs());
        var counts = (await QueryAsync(survey.CountPairs())).Rows[0];
        var (pairs, met) = (RowSet.Long(counts[0]), RowSet.Long(counts[1]));
        // predicates keep rows apart that have the same key
        var isByKey = pairs == met && batch.Match.Predicates.IsEmpty;
        var blocks = pairs > FewPairs ? await FindBlocksAsync() : null;
        var changed = await RunAsync(
            $"{Create(places.Before)} as\n{survey.SelectBefore(blocks, rows.Differ)}"
        );
        var changes = survey.SelectChanges(places.Before);
        if (rows.EventTime is { } time && survey.SelectMoved(places.Before, time) is { } moved)
            changes = $"{changes}\nunion all\n{moved}";
        await RunAsync($"{Create(places.Changes)} as\n{changes}");
        await RunAsync(survey.DropPairs());
        await transaction.CommitAsync(cancellationToken);
        return new MergeChanges(places.Changes, places.Before, changed, isByKey);

        async Task<AddressBlocks?> FindBlocksAsync()
        {
            if (
                survey.AskEnds() is not { } askEnds
                || (await QueryAsync(askEnds)).Rows[0] is not [{ } first, { } last]
            )
                return null;
            var found = new AddressBlocks(BlocksVariable, RowSet.Long(first), RowSet.Long(last));
            await RunAsync(survey.Remember(found));
            return found.ArePlaces(RowSet.Long((await QueryAsync(found.Count)).Rows[0][0])) ? found : null;
        }

        string Create(RelationName table) => StageScripts.CreateTable(on.Dialect, on.Capabilities, table);

        Task<long> RunAsync(string sql) =>
            statements.RunAsync(lease, about, new ModelStatement(sql), cancellationToken);

        Task<RowSet> QueryAsync(string sql) =>
            statements.QueryAsync(lease, about, sql, int.MaxValue, cancellationToken);
    }
}
