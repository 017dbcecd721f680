using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Events;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Feeds;
using Strata.Runner.Files.Landing;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Transfers;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Brings a relation's rows from its own connection into the stage of its replica on another: what has changed
/// since the last time, if the producer's feed still has all of it, else everything.
/// </summary>
internal sealed class TransferStager(RunContext context, NodeStatements statements)
{
    private readonly BatchEntry _batches = new(context, statements);
    private readonly TableEntry _tables = new(context, statements);
    private readonly FeedReading _feeds = new(context);
    private readonly ShipmentChoice _choice = new(context);

    public async Task<StagedNode> StageAsync(PlannedNode planned, CancellationToken cancellationToken)
    {
        var transfer =
            context.Graph.FindTransfer(planned.Id)
            ?? throw new InvalidOperationException($"'{planned.Id}' is no transfer of the plan");
        var from = context.Connections[transfer.Producer.Connection];
        var to = context.Connections[transfer.Connection];
        await to.EnsureSchemaAsync(transfer.Replica.Schema, cancellationToken);
        await to.EnsureStageSchemaAsync(transfer.Replica.Schema, cancellationToken);
        context.Failpoints.Hit(FailpointName.StageBegun);
        await using var source = await from.Sessions.RentAsync(cancellationToken);
        await using var target = await to.Sessions.RentAsync(cancellationToken);
        try
        {
            var position = _feeds.PositionOf(from, transfer.Producer.UniqueId);
            var shipment = await _choice.MakeAsync(transfer, from, to, source, position, cancellationToken);
            var staged = shipment.Strategy is { } strategy
                ? await StageChangesAsync(
                    planned,
                    transfer,
                    shipment,
                    strategy,
                    source,
                    target,
                    to,
                    cancellationToken
                )
                : await StageWholeAsync(
                    planned,
                    transfer,
                    shipment.Rows,
                    source,
                    target,
                    to,
                    cancellationToken
                );
            context.Failpoints.Hit(FailpointName.TransferAfter);
            return FeedTopology.HasFeed(transfer.Producer) && !staged.Relation.HasSeveralOfAKey
                ? staged with
                {
                    Consumed = [position],
                }
                : staged;
        }
        catch (EngineException e)
        {
            source.IsBroken = target.IsBroken = true;
            var explained = await LandedProblems.ExplainAsync(
                e.Error,
                LandedBehind.Of(context, LandedBehind.ReadBy(transfer.Producer)),
                cancellationToken
            );
            var error =
                explained.Kind == EngineErrorKind.File && transfer.Producer is SourceNode { Files: not null }
                    ? explained with
                    {
                        Hint =
                            $"take the files in with a model on '{from.Name}' and read that model here: it puts into quarantine what cannot be read",
                    }
                    : explained;
            throw new NodeFailedException(statements.Explain(error, transfer.Producer));
        }
        catch
        {
            source.IsBroken = target.IsBroken = true;
            throw;
        }
    }

    private async Task<StagedNode> StageWholeAsync(
        PlannedNode planned,
        Transfer transfer,
        string query,
        SessionPool.Lease source,
        SessionPool.Lease target,
        ConnectionRun to,
        CancellationToken cancellationToken
    )
    {
        var place = StageScripts.TablePlace(
            to.Names,
            to.Capabilities,
            transfer.Replica,
            to.Find(transfer.Replica)
        );
        var postImage = to.Names.PostImage(transfer.Replica);
        if (place != postImage)
            to.AddSibling(place);
        var rows = await CopyAsync(planned, transfer, query, source, target, to, place, cancellationToken);
        await AnalyzeAsync(target, to, place, [], cancellationToken);
        if (place != postImage)
            await target.Session.ExecuteAsync(
                StageScripts.Alias(to.Dialect, postImage, place),
                cancellationToken
            );
        var relation = await DescribeAsync(transfer, target, to, place, postImage, cancellationToken);
        if (await HasSeveralOfAKeyAsync(transfer, relation, source, target, to, cancellationToken))
            relation = relation with { IsKeyUnique = false, HasSeveralOfAKey = true };
        (relation, var feed) = await _tables.CompareAsync(
            target,
            to,
            transfer.Id,
            transfer.Producer,
            relation with
            {
                // elsewhere the rows are counted when publishing copies them
                Rows = to.Capabilities.CountsTablesQuickly
                    ? (await CountAsync(target, to, place, [], cancellationToken)).Rows
                    : rows,
            },
            cancellationToken
        );
        return new StagedNode
        {
            Node = planned with
            {
                Writer = Shipment.WholeWriter,
                WriterReason = $"{relation.Writer?.Words}: {relation.Writer?.Reason}",
            },
            Fingerprint = transfer.Fingerprint,
            Given = rows,
            Relation = relation,
            Feed = feed,
        };
    }

    /// <summary>
    /// Whether a producer that merges holds rows of a time in which its key was none: each batch then changes all rows of a key, which
    /// one row of it cannot tell. Rows that are merged into keys which name one row leave them so, so it is asked only of a copy of everything.
    /// </summary>
    private async Task<bool> HasSeveralOfAKeyAsync(
        Transfer transfer,
        StagedRelation relation,
        SessionPool.Lease source,
        SessionPool.Lease target,
        ConnectionRun to,
        CancellationToken cancellationToken
    )
    {
        var producer = transfer.Producer;
        if (
            relation is not { IsKeyUnique: true, Key.IsEmpty: false, Physical: var place }
            || producer is not ModelNode { Config.Materialized: Materialization.Incremental }
            // what this run has built from nothing was looked at then
            || context.Plan.Nodes.Any(node =>
                node.Id == producer.UniqueId && node.Action == PlannedAction.Full
            )
        )
            return false;
        // where one of the two engines reads columns instead of rows, it is quick to ask there
        var (session, dialect, table) = to.Capabilities.CountsTablesQuickly
            ? (target.Session, to.Dialect, place)
            : (source.Session, context.Connections[producer.Connection].Dialect, producer.Relation);
        var sql = StageScripts.DuplicateKeys(dialect, table, relation.Key, 1);
        return !(await session.QueryAsync(sql, 1, cancellationToken)).Rows.IsEmpty;
    }

    private async Task<StagedNode> StageChangesAsync(
        PlannedNode planned,
        Transfer transfer,
        Shipment shipment,
        IncrementalStrategy strategy,
        SessionPool.Lease source,
        SessionPool.Lease target,
        ConnectionRun to,
        CancellationToken cancellationToken
    )
    {
        var place = to.Names.Batch(transfer.Replica);
        var arrived = shipment.CarriesDeletes ? to.Names.Part(transfer.Replica, "arrived") : place;
        var rows = await CopyAsync(
            planned,
            transfer,
            shipment.Rows,
            source,
            target,
            to,
            arrived,
            cancellationToken
        );
        RelationName? gone = null;
        if (shipment.CarriesDeletes)
        {
            var keys = to.Names.Part(transfer.Replica, "gone");
            rows -= await SplitAsync(target, to, arrived, place, keys, cancellationToken);
            gone = keys;
        }
        var postImage = to.Names.PostImage(transfer.Replica);
        var relation = await DescribeAsync(transfer, target, to, place, postImage, cancellationToken);
        await AnalyzeAsync(target, to, place, relation.Key, cancellationToken);
        var (staged, nullKeys) = await CountAsync(target, to, place, relation.Key, cancellationToken);
        if (gone is { } keysOfGone)
        {
            await AnalyzeAsync(target, to, keysOfGone, relation.Key, cancellationToken);
            nullKeys += (await CountAsync(target, to, keysOfGone, relation.Key, cancellationToken)).NullKeys;
        }
        relation = relation with { Rows = staged, NullKeyRows = nullKeys };
        var config = new ModelConfig
        {
            Materialized = Materialization.Incremental,
            IncrementalStrategy = strategy,
            UniqueKey = relation.Key,
            OnSchemaChange = OnSchemaChange.AppendNewColumns,
            PartitionBy =
                strategy == IncrementalStrategy.InsertOverwrite ? PartitionOf(transfer, relation) : [],
        };
        var (batch, feed) = await _batches.StageAsync(
            target,
            to,
            transfer.Id,
            transfer.Producer,
            config,
            relation,
            cancellationToken,
            gone: gone
        );
        return new StagedNode
        {
            Node = planned with { Writer = Shipment.ChangesWriter },
            Fingerprint = transfer.Fingerprint,
            Given = rows,
            Relation = batch.Staged,
            Batch = batch,
            Feed = feed,
        };
    }

    private static async Task<(long Rows, long NullKeys)> CountAsync(
        SessionPool.Lease target,
        ConnectionRun to,
        RelationName place,
        ImmutableArray<string> key,
        CancellationToken cancellationToken
    )
    {
        var sql = StageScripts.CountRows(to.Dialect, place, key);
        var counts = await target.Session.QueryAsync(sql, 1, cancellationToken);
        return (counts.LongAt(0), counts.LongAt(1));
    }

    /// <summary>Parts what has arrived into rows and into keys of rows that are gone.</summary>
    /// <returns>How many are gone.</returns>
    private static async Task<long> SplitAsync(
        SessionPool.Lease target,
        ConnectionRun to,
        RelationName arrived,
        RelationName place,
        RelationName gone,
        CancellationToken cancellationToken
    )
    {
        var columns = await target.Session.DescribeRelationAsync(arrived, cancellationToken);
        var names = Ddl.Columns(
            to.Dialect,
            columns.Select(column => column.Name).Where(name => name != FeedTables.ChangeColumn)
        );
        foreach (var (table, condition) in new[] { (place, "<>"), (gone, "=") })
        {
            await target.Session.ExecuteAsync(
                $"{StageScripts.CreateTable(to.Dialect, to.Capabilities, table)} as select {names} "
                    + $"from {to.Dialect.Quote(arrived)} where {FeedTables.ChangeColumn} {condition} 'delete'",
                cancellationToken
            );
        }
        return (await CountAsync(target, to, gone, [], cancellationToken)).Rows;
    }

    private async Task<long> CopyAsync(
        PlannedNode planned,
        Transfer transfer,
        string query,
        SessionPool.Lease source,
        SessionPool.Lease target,
        ConnectionRun to,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        var described = await source.Session.DescribeTransferAsync(query, cancellationToken);
        var mapped = target.Session.MapColumns(described);
        var refused = ColumnRefusals.Of(context.Manifest, transfer, to.Dialect, mapped);
        if (!refused.IsEmpty)
            throw new NodeFailedException(refused);
        var create = StageScripts.Table(
            to.Dialect,
            to.Capabilities,
            place,
            mapped.Select(column => new ColumnSchema(column.Column.Name, column.Type))
        );
        await target.Session.ExecuteAsync(create, cancellationToken);
        return await LoadAsync(planned, query, source, target, to, place, cancellationToken);
    }

    private static async Task AnalyzeAsync(
        SessionPool.Lease target,
        ConnectionRun to,
        RelationName place,
        ImmutableArray<string> key,
        CancellationToken cancellationToken
    )
    {
        foreach (var sql in StageScripts.Analyze(to.Dialect, to.Capabilities, place, key))
            await target.Session.ExecuteAsync(sql, cancellationToken);
    }

    private async Task<long> LoadAsync(
        PlannedNode planned,
        string query,
        SessionPool.Lease source,
        SessionPool.Lease target,
        ConnectionRun to,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        var others = new List<SessionPool.Lease>();
        var streams = new TransferStreams(
            target.Session,
            TransferStreams.MostFor(to.Adapter),
            async token =>
            {
                var lease = await to.Sessions.RentAsync(token);
                others.Add(lease);
                return lease.Session;
            }
        )
        {
            RowsEach = to.Capabilities.RowsPerStream,
        };
        var isComplete = false;
        try
        {
            var rows = await RowTransfer.CopyAsync(
                source.Session,
                query,
                streams,
                place,
                new CopyProgress(context, planned),
                cancellationToken
            );
            isComplete = true;
            return rows;
        }
        finally
        {
            // a stream that was done before another failed has left its rows: they go with the run's stages
            foreach (var lease in others)
            {
                lease.IsBroken = !isComplete;
                await lease.DisposeAsync();
            }
        }
    }

    private async Task<StagedRelation> DescribeAsync(
        Transfer transfer,
        SessionPool.Lease target,
        ConnectionRun to,
        RelationName place,
        RelationName postImage,
        CancellationToken cancellationToken
    )
    {
        var columns = await target.Session.DescribeRelationAsync(place, cancellationToken);
        // a merge that may leave rows alone does not make one row of a key
        var config = transfer.Producer is ModelNode { Config: { IncrementalPredicates.IsEmpty: true } own }
            ? own
            : null;
        return new StagedRelation
        {
            Published = transfer.Replica,
            Existing = to.Find(transfer.Replica),
            Physical = place,
            PostImage = postImage,
            Columns = columns,
            Key =
                Shipment.Resolve(
                    config is null ? [] : RowIdentity.ColumnsOf(config),
                    [.. columns.Select(column => column.Name)]
                ) ?? [],
            // only a key that the producer enforces can be relied on here
            IsKeyUnique = config is not null && StageKeys.MustBeUnique(config),
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(transfer.Producer),
            PublishedKey = PublishedKey.Of(context.States.StateOf(transfer.Id), transfer.Fingerprint),
        };
    }

    private static ImmutableArray<string> PartitionOf(Transfer transfer, StagedRelation relation) =>
        Shipment.Resolve(
            ((ModelNode)transfer.Producer).Config.PartitionBy,
            [.. relation.Columns.Select(column => column.Name)]
        ) ?? [];

    /// <summary>Tells the observer, which is quick, on the thread that reads.</summary>
    private sealed class CopyProgress(RunContext context, PlannedNode node) : IProgress<long>
    {
        public void Report(long rows)
        {
            context.Failpoints.Hit(FailpointName.TransferMidway);
            context.Events.Raise(new NodeProgress(context.Now, node, rows));
        }
    }
}
