using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.History;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// The stage of a cdc model or a snapshot: its rows come out of a query over tables of the stage, and are known by
/// <see cref="RowIdentity"/>.
/// </summary>
internal sealed class HistoryStage(RunContext context, NodeStatements statements)
{
    private readonly BatchEntry _batches = new(context, statements);
    private readonly TableEntry _tables = new(context, statements);

    /// <summary>All rows of a relation that is made from the start.</summary>
    public async Task<(StagedRelation Relation, StagedFeed? Feed)> StageWholeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        string query,
        ImmutableArray<string> identity,
        CancellationToken cancellationToken
    )
    {
        var rows = StageScripts.TablePlace(
            on.Names,
            on.Capabilities,
            model.Relation,
            on.Find(model.Relation)
        );
        var postImage = on.Names.PostImage(model.Relation);
        if (rows != postImage)
            on.AddSibling(rows);
        await CreateAsync(lease, on, model, rows, query, cancellationToken);
        if (rows != postImage)
            await RunAsync(lease, model, StageScripts.Alias(on.Dialect, postImage, rows), cancellationToken);
        var relation = await RelationAsync(lease, on, model, rows, identity, cancellationToken);
        return await _tables.CompareAsync(lease, on, model.UniqueId, model, relation, cancellationToken);
    }

    /// <summary>The rows that are new or different.</summary>
    /// <param name="nullKeys">How many rows a null in the identity can concern, beside those of the batch itself.</param>
    /// <param name="gone">See <see cref="IncrementalBatch.Gone"/>: its place and its query.</param>
    public async Task<(StagedRelation Relation, IncrementalBatch Batch, StagedFeed Feed)> StageBatchAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        string query,
        ImmutableArray<string> identity,
        CancellationToken cancellationToken,
        long nullKeys = 0,
        (RelationName Place, string Query)? gone = null
    )
    {
        var rows = on.Names.Batch(model.Relation);
        await CreateAsync(lease, on, model, rows, query, cancellationToken);
        var relation = await RelationAsync(lease, on, model, rows, identity, cancellationToken);
        relation = relation with { NullKeyRows = Math.Max(relation.NullKeyRows, nullKeys) };
        if (gone is { } leaving)
            await CreateAsync(lease, on, model, leaving.Place, leaving.Query, cancellationToken);
        var (batch, feed) = await _batches.StageAsync(
            lease,
            on,
            model.UniqueId,
            model,
            RowIdentity.MergeConfig(identity),
            relation,
            cancellationToken,
            gone: gone?.Place
        );
        return (relation, batch, feed);
    }

    /// <summary>A table of the stage out of a query.</summary>
    public async Task CreateAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName place,
        string query,
        CancellationToken cancellationToken
    )
    {
        var create = StageScripts.CreateTable(on.Dialect, on.Capabilities, place);
        await using (await lease.Session.PreferIndexesAsync(cancellationToken))
            await RunAsync(lease, model, $"{create} as\n{query}", cancellationToken);
        foreach (var sql in StageScripts.Analyze(on.Dialect, on.Capabilities, place, []))
            await RunAsync(lease, model, sql, cancellationToken);
    }

    public Task<long> RunAsync(
        SessionPool.Lease lease,
        ModelNode model,
        string sql,
        CancellationToken cancellationToken
    ) => statements.RunAsync(lease, model, new ModelStatement(sql), cancellationToken);

    /// <summary>The numbers that a query of one row gives.</summary>
    public async Task<ImmutableArray<long>> CountAsync(
        SessionPool.Lease lease,
        ModelNode model,
        string sql,
        CancellationToken cancellationToken
    )
    {
        var counts = await statements.QueryAsync(lease, model, sql, 1, cancellationToken);
        return [.. counts.Rows[0].Select(value => RowSet.Long(value))];
    }

    private async Task<StagedRelation> RelationAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName rows,
        ImmutableArray<string> identity,
        CancellationToken cancellationToken
    )
    {
        var columns = await statements.DescribeAsync(lease, on, model, rows, cancellationToken);
        var count = StageScripts.CountRows(on.Dialect, rows, identity);
        var counts = await CountAsync(lease, model, count, cancellationToken);
        return new StagedRelation
        {
            Published = model.Relation,
            Existing = on.Find(model.Relation),
            Physical = rows,
            PostImage = on.Names.PostImage(model.Relation),
            Columns = columns,
            Key = identity,
            IsKeyUnique = true,
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(model),
            PublishedKey = PublishedKey.Of(context.States.StateOf(model.UniqueId), model.Fingerprint),
            Rows = counts[0],
            NullKeyRows = counts[1],
        };
    }
}
