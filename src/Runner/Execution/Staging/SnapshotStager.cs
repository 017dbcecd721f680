using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution.Staging;

/// <summary>Compares what a snapshot's query gives with the history so far, and stages the versions that begin and end.</summary>
internal sealed class SnapshotStager(RunContext context, RelationBinder binder, NodeStatements statements)
{
    private readonly HistoryStage _stage = new(context, statements);
    private readonly StageQuery _query = new(context, statements);
    private readonly StageKeys _keys = new(statements);
    private readonly TargetKeys _targetKeys = new(context, statements);
    private readonly StageLosses _losses = new(statements);
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
        var (_, columns) = await _query.RunAsync(
            lease,
            on,
            model,
            StageScripts.TableAs(on.Dialect, on.Capabilities, input, body),
            input,
            cancellationToken
        );
        var history = on.Find(model.Relation);
        var goesOn = planned.Action == PlannedAction.Incremental && history is not null;
        var read = await _keys.CheckAsync(
            lease,
            on,
            planned,
            model,
            new StagedRelation
            {
                Published = model.Relation,
                Physical = input,
                PostImage = input,
                Columns = columns,
            },
            cancellationToken,
            into: goesOn ? history : null
        );
        var plan = Plan(on.Dialect, model, read.Staged);
        await RefuseNeverUpdatedAsync(lease, model, plan, input, cancellationToken);
        var staged =
            goesOn && history is not null
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
        return staged with { MergedAway = read.MergedAway, Diagnostics = [.. files.Warnings, .. read.Ties] };
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
        var (relation, feed) = await _stage.StageWholeAsync(
            lease,
            on,
            model,
            SnapshotRows.First(plan, input),
            plan.Identity,
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
            .Where(name => !history.Columns.Has(name))
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
        await _targetKeys.CheckAsync(lease, on, model, plan, history, cancellationToken);
        // a value that does not survive would also differ from its own version in every run
        await _losses.RefuseAsync(
            lease,
            on,
            model,
            history,
            read,
            OnSchemaChange.AppendNewColumns,
            cancellationToken
        );
        await RefuseMetKeysAsync(lease, on, model, plan, read, history, cancellationToken);
        var (relation, batch, feed) = await _stage.StageBatchAsync(
            lease,
            on,
            model,
            SnapshotRows.Batch(plan, read.Physical, history, read.NullKeyRows > 0),
            plan.Identity,
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

    /// <summary>Keys that differ as the query gives them may be one in the type that they have in the history.</summary>
    private async Task RefuseMetKeysAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SnapshotPlan plan,
        StagedRelation read,
        RelationInfo history,
        CancellationToken cancellationToken
    )
    {
        var keys = plan
            .Key.Select(key =>
                (
                    Now: plan.Columns.First(column => column.Name == key),
                    Kept: history.Columns[history.Columns.PlaceOf(key)]
                )
            )
            .ToImmutableArray();
        if (keys.All(key => key.Now.Type == key.Kept.Type))
            return;
        var names = keys.Select(key => on.Dialect.QuoteIdentifier(key.Now.Name)).ToImmutableArray();
        var kept = string.Join(", ", keys.Zip(names, (key, name) => $"cast({name} as {key.Kept.Type})"));
        var shown = string.Join(" || ', ' || ", names.Select(name => $"cast({name} as varchar)"));
        var met = await statements.QueryAsync(
            lease,
            model,
            $"select min({shown}), max({shown}) from {on.Dialect.Quote(read.Physical)} group by {kept} having count(*) > 1 limit 1",
            1,
            cancellationToken
        );
        if (met.Rows is not [var pair, ..])
            return;
        var types = string.Join(", ", keys.Select(key => key.Kept.Type));
        throw new NodeFailedException(
            TableDiagnostics.ValuesWouldChange(
                model.Declaration,
                model.Name,
                isOfTable: false,
                [$"keys that differ become one as {types}: {pair[0]} and {pair[1]}"],
                TypeRemedy.Hint(model, castsTarget: false)
            )
        );
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
        // a row that is gone, or changes without a later updated_at, ends its version a moment after it began
        var ofDeletes = config.Snapshot.HardDeletes != HardDeletes.Ignore;
        if ((ofDeletes || config.Snapshot.Strategy == SnapshotStrategy.Check) && !plan.StartsAtInstants)
            throw new NodeFailedException(
                HistoryDiagnostics.NotAnInstant(model.Declaration, model.Name, updated ?? "", type, ofDeletes)
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
        var never = (await _stage.CountAsync(lease, model, sql, cancellationToken))[0];
        if (never > 0)
            throw new NodeFailedException(
                HistoryDiagnostics.NeverUpdated(model.Declaration, model.Name, column, never)
            );
    }
}
