using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Publishing;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Compares a whole staged table with what is published, where it will be changed in place: the differences
/// decide how it is written, and whether those who read its changes can go on from where they are.
/// </summary>
internal sealed class TableEntry(RunContext context, NodeStatements statements)
{
    /// <param name="producerId">The model, seed or transfer whose table it is.</param>
    /// <param name="about">The node to blame.</param>
    /// <returns>The stage with its writer; and the feed, of what has one.</returns>
    public async Task<(StagedRelation Staged, StagedFeed? Feed)> CompareAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        string producerId,
        RelationNode about,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        KeptFeed.Check(context, producerId, about, staged.Columns);
        var identityMatters = on.Capabilities.RelationIdentityMatters;
        var batchId = context.NextBatchOf(producerId);
        var startsOver = FeedTopology.HasFeed(about)
            ? new StagedFeed(context.Plan.RunId, batchId, null)
            : null;
        if (
            !identityMatters
            || staged.Existing is not { Kind: RelationKind.Table } existing
            || !WriterChoice.HasColumnsOf(staged, existing)
        )
            return (staged with { Writer = WriterChoice.Choose(identityMatters, staged, null) }, startsOver);

        try
        {
            // in a transaction, because only there a lock that others hold is not waited for without end
            await using var transaction = await lease.Session.BeginAsync(cancellationToken);
            var compared = await CompareAsync(
                lease.Session,
                on,
                producerId,
                about,
                staged,
                existing,
                startsOver,
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
            return compared;
        }
        catch (EngineException e) when (e.Error.Kind == EngineErrorKind.Conflict)
        {
            // publishing meets the same lock, and has its own patience
            return (staged with { Writer = WriterChoice.Choose(identityMatters, staged, null) }, startsOver);
        }
        catch (EngineException e)
        {
            lease.IsBroken = true;
            throw new NodeFailedException(statements.Explain(e.Error, about));
        }
    }

    private async Task<(StagedRelation Staged, StagedFeed? Feed)> CompareAsync(
        ISession session,
        ConnectionRun on,
        string producerId,
        RelationNode about,
        StagedRelation staged,
        RelationInfo existing,
        StagedFeed? startsOver,
        CancellationToken cancellationToken
    )
    {
        var places = on.Names.Places(staged.Published);
        var isKeyed = WriterChoice.IsKeyed(staged, existing);
        var differences = await FindAsync(session, on, staged, places, isKeyed, cancellationToken);
        if (isKeyed && !differences.ArePairs(staged.Rows))
        {
            // several published rows of one key, from a time when it was none
            isKeyed = false;
            staged = staged with { IsKeyUnique = false };
            await session.ExecuteAsync(Ddl.DropTable(on.Dialect, places), cancellationToken);
            differences = await FindAsync(session, on, staged, places, isKeyed, cancellationToken);
        }
        var choice = WriterChoice.Choose(on.Capabilities.RelationIdentityMatters, staged, differences);
        staged = staged with { Writer = choice, Places = places, Differences = differences };
        if (differences.All > 0)
        {
            foreach (var analyze in StageScripts.Analyze(on.Dialect, on.Capabilities, places, []))
                await session.ExecuteAsync(analyze, cancellationToken);
        }
        if (startsOver is not { BatchId: var batchId } || on.FeedOf(producerId)?.Epoch is not { } epoch)
            return (staged, startsOver);
        if (differences.All == 0)
            return (staged, new StagedFeed(epoch, batchId, null) { IsUnchanged = true });
        if (
            choice.Writer == TableWriter.Rewrite
            || !KeptFeed.IsKept(context, producerId, staged.Columns)
            || !ReadersCanFollow(on, producerId, about, differences)
        )
            return (staged, startsOver);
        var changes = on.Names.Changes(staged.Published);
        on.AddInMemory(changes);
        var create = StageScripts.CreateTable(on.Dialect, on.Capabilities, changes);
        var sql = $"{create} as\n{TableComparison.Changes(on.Dialect, staged, places, isKeyed)}";
        await session.ExecuteAsync(sql, cancellationToken);
        return (staged, new StagedFeed(epoch, batchId, changes));
    }

    /// <summary>Writes down where the rows are that differ, and counts them.</summary>
    private static async Task<TableDifferences> FindAsync(
        ISession session,
        ConnectionRun on,
        StagedRelation staged,
        RelationName places,
        bool isKeyed,
        CancellationToken cancellationToken
    )
    {
        // asked for first: whoever writes to the table from now on makes what is found outdated
        var before = await session.QueryAsync(
            TableComparison.Before(on.Dialect, staged.Published),
            1,
            cancellationToken
        );
        var make =
            $"{StageScripts.CreateTable(on.Dialect, on.Capabilities, places)} as\n"
            + TableComparison.Places(on.Dialect, staged, isKeyed);
        await session.ExecuteAsync(make, cancellationToken);
        var counts = await session.QueryAsync(
            TableComparison.Counts(on.Dialect, places),
            1,
            cancellationToken
        );
        return new TableDifferences(before.LongAt(0), counts.LongAt(0), counts.LongAt(1), counts.LongAt(2))
        {
            Digest = before.Rows[0][1] as string,
        };
    }

    /// <summary>
    /// Whether the changes are of the kinds that the producer's own batches have: readers need not reckon with
    /// rows that go from a model that only adds, and transfers ship by key what is there.
    /// </summary>
    private bool ReadersCanFollow(
        ConnectionRun on,
        string producerId,
        RelationNode about,
        TableDifferences differences
    )
    {
        // which periods the updated rows have left is not looked for
        if (differences.Updated > 0 && context.Feeds.IsDivided(producerId))
            return false;
        if (differences.Deleted == 0)
            return true;
        var only =
            about is ModelNode { Config: var config }
            && config.Strategy is not (IncrementalStrategy.Append or IncrementalStrategy.Merge);
        return only && context.Feeds.ConsumersOf(producerId).All(reader => reader.Connection == on.Name);
    }
}
