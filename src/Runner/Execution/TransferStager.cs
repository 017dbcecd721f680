using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Events;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution;

/// <summary>Copies a relation's rows from its own connection into the stage of its replica on another.</summary>
internal sealed class TransferStager(RunContext context, RelationBinder binder, NodeStatements statements)
{
    public async Task<StagedNode> StageAsync(PlannedNode planned, CancellationToken cancellationToken)
    {
        var transfer =
            context.Graph.FindTransfer(planned.Id)
            ?? throw new InvalidOperationException($"'{planned.Id}' is no transfer of the plan");
        var producer = transfer.Producer;
        var from = context.Connections[producer.Connection];
        var to = context.Connections[transfer.Connection];
        await to.EnsureSchemaAsync(transfer.Replica.Schema, cancellationToken);
        await to.EnsureStageSchemaAsync(transfer.Replica.Schema, cancellationToken);
        await using var source = await from.Sessions.RentAsync(cancellationToken);
        await using var target = await to.Sessions.RentAsync(cancellationToken);

        var relation = producer is SourceNode { Files: { } files } landed
            ? $"{binder.FilesOf(landed, files, null)} as landed"
            : from.Dialect.Quote(producer.Relation);
        var place = StageScripts.TablePlace(to.Names, to.Capabilities, transfer.Replica);
        var postImage = to.Names.PostImage(transfer.Replica);
        if (place != postImage)
            to.AddSibling(place);
        long rows;
        ImmutableArray<ColumnSchema> columns;
        try
        {
            var sql = $"select * from {relation}";
            var described = await source.Session.DescribeTransferAsync(sql, cancellationToken);
            var mapped = target.Session.MapColumns(described);
            Refuse(mapped, to, producer);
            columns = [.. mapped.Select(column => new ColumnSchema(column.Column.Name, column.Type))];
            var create = StageScripts.Table(to.Dialect, to.Capabilities, place, columns);
            await target.Session.ExecuteAsync(create, cancellationToken);
            rows = await CopyAsync(
                planned,
                source.Session,
                target.Session,
                sql,
                place,
                described,
                cancellationToken
            );
            if (place != postImage)
                await target.Session.ExecuteAsync(
                    StageScripts.Alias(to.Dialect, postImage, place),
                    cancellationToken
                );
            columns = await target.Session.DescribeQueryAsync(
                $"select * from {to.Dialect.Quote(place)}",
                cancellationToken
            );
            if (to.Capabilities.NeedsAnalyze)
                await target.Session.ExecuteAsync($"analyze {to.Dialect.Quote(place)}", cancellationToken);
        }
        catch (EngineException e)
        {
            source.IsBroken = target.IsBroken = true;
            throw new NodeFailedException(statements.Explain(e.Error, producer));
        }
        catch
        {
            source.IsBroken = target.IsBroken = true;
            throw;
        }
        context.Failpoints.Hit(FailpointName.TransferAfter);
        return new StagedNode
        {
            Node = planned,
            Fingerprint = transfer.Fingerprint,
            Relation = new StagedRelation
            {
                Published = transfer.Replica,
                Existing = to.Find(transfer.Replica),
                Physical = place,
                PostImage = postImage,
                Columns = columns,
                Key = KeyOf(producer, columns),
                IndexKey = true,
                Volatile = StagedNode.VolatileOf(producer),
                Rows = rows,
                SameDefinition = context.States.StateOf(planned.Id)?.Fingerprint == transfer.Fingerprint,
            },
        };
    }

    private async Task<long> CopyAsync(
        PlannedNode planned,
        ISession source,
        ISession target,
        string sql,
        Compiler.Sql.RelationName place,
        ImmutableArray<TransferColumn> columns,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await source.OpenReaderAsync(sql, cancellationToken);
        await using var writer = await target.OpenWriterAsync(place, columns, cancellationToken);
        long rows = 0;
        while (await reader.ReadAsync(cancellationToken) is { } batch)
        {
            await writer.WriteAsync(batch, cancellationToken);
            rows += batch.Count;
            reader.Recycle(batch);
            context.Failpoints.Hit(FailpointName.TransferMidway);
            context.Events.Raise(new NodeProgress(context.Now, planned, rows));
        }
        await writer.CompleteAsync(cancellationToken);
        return rows;
    }

    private static void Refuse(ImmutableArray<ColumnMapping> columns, ConnectionRun to, RelationNode producer)
    {
        var problems = columns
            .Where(column => column.Problem is not null)
            .Select(column =>
                EngineDiagnostics.LossyColumn(
                    producer.Declaration,
                    to.Dialect.Name,
                    producer.Name,
                    column.Column.Name,
                    column.Problem ?? "",
                    column.Hint
                )
            );
        if (problems.ToImmutableArray() is { IsEmpty: false } refused)
            throw new NodeFailedException(refused);
    }

    /// <summary>The producer's key, if the replica has all of it. Only a key that is enforced there can be relied on here.</summary>
    private static ImmutableArray<string> KeyOf(RelationNode producer, ImmutableArray<ColumnSchema> columns)
    {
        if (
            producer is not ModelNode { Config: { Materialized: Materialization.Incremental } config }
            || !IncrementalBatch.NeedsUniqueKeys(config)
        )
            return [];
        var key = config.UniqueKey.Select(name =>
            columns
                .FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?.Name
        );
        return key.All(name => name is not null) ? [.. key.OfType<string>()] : [];
    }
}
