using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution;

/// <summary>Compares what a snapshot's query gives with the history so far, and stages the versions that begin and end.</summary>
internal sealed class SnapshotStager(RunContext context, RelationBinder binder, NodeStatements statements)
{
    private readonly BatchEntry _batches = new(context, statements);
    private readonly TableEntry _tables = new(context, statements);
    private readonly StageKeys _keys = new(statements);
    private readonly ModelFiles _files = new(context, statements);

    public async Task<StagedNode> StageAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var files = await _files.ExamineAsync(model, cancellationToken);
        var input = on.Names.Raw(model.Relation);
        var body = binder.Bind(model.Full, model.Connection, new ReadScope(files.Batch));
        await statements.RunAsync(
            lease,
            model,
            StageScripts.TableAs(on.Dialect, on.Capabilities, input, body),
            cancellationToken
        );
        var read = await _keys.CheckAsync(
            lease,
            on,
            model,
            new StagedRelation
            {
                Published = model.Relation,
                Physical = input,
                PostImage = input,
                Columns = await DescribeAsync(lease, on, model, input, cancellationToken),
            },
            cancellationToken
        );
        var plan = Plan(on.Dialect, model, read.Staged);
        await RefuseNeverUpdatedAsync(lease, model, plan, input, cancellationToken);
        var history = on.Find(model.Relation);
        var staged =
            planned.Action == PlannedAction.Incremental && history is not null
                ? await StageBatchAsync(
                    lease,
                    on,
                    planned,
                    model,
                    plan,
                    read.Staged,
                    history,
                    cancellationToken
                )
                : await StageFirstAsync(lease, on, planned, model, plan, input, cancellationToken);
        return staged with { MergedAway = read.MergedAway, Diagnostics = files.Warnings };
    }

    private async Task<StagedNode> StageFirstAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        SnapshotPlan plan,
        RelationName input,
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
        await CreateAsync(lease, on, model, rows, SnapshotRows.First(plan, input), cancellationToken);
        if (rows != postImage)
            await RunAsync(lease, model, StageScripts.Alias(on.Dialect, postImage, rows), cancellationToken);
        var (relation, feed) = await _tables.CompareAsync(
            lease,
            on,
            model.UniqueId,
            model,
            await RelationAsync(lease, on, model, plan, rows, postImage, cancellationToken),
            cancellationToken
        );
        return new StagedNode
        {
            Node = planned.WrittenBy(relation.Writer),
            Fingerprint = model.Fingerprint,
            Relation = relation,
            Feed = feed,
        };
    }

    private async Task<StagedNode> StageBatchAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        SnapshotPlan plan,
        StagedRelation read,
        RelationInfo history,
        CancellationToken cancellationToken
    )
    {
        var missing = new[]
        {
            plan.Names.ValidFrom,
            plan.Names.ValidTo,
            plan.Names.IsCurrent,
            plan.Names.ScdId,
        }
            .Concat(plan.Key)
            .Where(name => history.Columns.All(c => !c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .ToImmutableArray();
        if (!missing.IsEmpty)
            throw new NodeFailedException(
                HistoryDiagnostics.NotAHistory(
                    model.Declaration,
                    model.Name,
                    model.Relation.ToString(),
                    missing
                )
            );
        var rows = on.Names.Batch(model.Relation);
        var query = SnapshotRows.Batch(plan, read.Physical, history, read.NullKeyRows > 0);
        await CreateAsync(lease, on, model, rows, query, cancellationToken);
        var relation = await RelationAsync(
            lease,
            on,
            model,
            plan,
            rows,
            on.Names.PostImage(model.Relation),
            cancellationToken
        );
        var (batch, feed) = await _batches.StageAsync(
            lease,
            on,
            model.UniqueId,
            model,
            RowIdentity.MergeConfig(plan.Identity),
            relation,
            cancellationToken
        );
        return new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = batch.Staged,
            Batch = batch,
            Feed = feed,
        };
    }

    private SnapshotPlan Plan(SqlDialect dialect, ModelNode model, StagedRelation read)
    {
        var (config, columns) = (model.Config, read.Columns);
        var names = config.History;
        CdcReading.RefuseTaken(model, columns, names.ValidFrom, names.ValidTo, names.IsCurrent, names.ScdId);
        if (config.Snapshot.HardDeletes == HardDeletes.NewRecord)
            CdcReading.RefuseTaken(model, columns, names.IsDeleted);
        var updated = config.Snapshot.UpdatedAt is { } name
            ? StageKeys.Resolve(model, "updated_at", name, columns)
            : null;
        var compared = config.Snapshot.CheckColumns.IsEmpty
            ? columns.Select(column => column.Name).Where(column => !read.Key.Contains(column))
            : config.Snapshot.CheckColumns.Select(c => StageKeys.Resolve(model, "check_cols", c, columns));
        var type = updated is null
            ? dialect.TypeName(SqlType.TimestampTz)
            : columns.First(column => column.Name == updated).Type;
        var plan = new SnapshotPlan(
            dialect,
            config,
            columns,
            read.Key,
            [.. compared],
            updated,
            type,
            context.Plan.StartedAt
        );
        if (config.Snapshot.HardDeletes != HardDeletes.Ignore && !plan.StartsAtInstants)
            throw new NodeFailedException(
                HistoryDiagnostics.NotAnInstant(model.Declaration, model.Name, updated ?? "", type)
            );
        return plan;
    }

    private async Task RefuseNeverUpdatedAsync(
        SessionPool.Lease lease,
        ModelNode model,
        SnapshotPlan plan,
        RelationName input,
        CancellationToken cancellationToken
    )
    {
        if (plan.UpdatedAt is not { } column)
            return;
        var sql = SnapshotRows.CountNeverUpdated(plan, input);
        var counts = await statements.QueryAsync(lease, model, sql, 1, cancellationToken);
        var never = Convert.ToInt64(counts.Rows[0][0], CultureInfo.InvariantCulture);
        if (never > 0)
            throw new NodeFailedException(
                HistoryDiagnostics.NeverUpdated(model.Declaration, model.Name, column, never)
            );
    }

    private async Task<StagedRelation> RelationAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SnapshotPlan plan,
        RelationName rows,
        RelationName postImage,
        CancellationToken cancellationToken
    )
    {
        var counts = await statements.QueryAsync(
            lease,
            model,
            StageScripts.CountRows(on.Dialect, rows, plan.Identity),
            1,
            cancellationToken
        );
        return new StagedRelation
        {
            Published = model.Relation,
            Existing = on.Find(model.Relation),
            Physical = rows,
            PostImage = postImage,
            Columns = await DescribeAsync(lease, on, model, rows, cancellationToken),
            Key = plan.Identity,
            IsKeyUnique = true,
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(model),
            Rows = Convert.ToInt64(counts.Rows[0][0], CultureInfo.InvariantCulture),
            NullKeyRows = Convert.ToInt64(counts.Rows[0][1], CultureInfo.InvariantCulture),
        };
    }

    private Task<ImmutableArray<ColumnSchema>> DescribeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName relation,
        CancellationToken cancellationToken
    ) =>
        statements.DescribeAsync(
            lease,
            model,
            $"select * from {on.Dialect.Quote(relation)}",
            cancellationToken
        );

    private async Task CreateAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName place,
        string query,
        CancellationToken cancellationToken
    )
    {
        var create = StageScripts.CreateTable(on.Dialect, on.Capabilities, place);
        await RunAsync(lease, model, $"{create} as\n{query}", cancellationToken);
        if (on.Capabilities.NeedsAnalyze)
            await RunAsync(lease, model, $"analyze {on.Dialect.Quote(place)}", cancellationToken);
    }

    private Task<long> RunAsync(
        SessionPool.Lease lease,
        ModelNode model,
        string sql,
        CancellationToken cancellationToken
    ) => statements.RunAsync(lease, model, new ModelStatement(sql), cancellationToken);
}
