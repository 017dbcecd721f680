using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Feeds;
using Strata.Runner.Files.Landing;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Execution.Staging;

/// <summary>Brings a model's rows into the stage: a whole table, a batch with its overlay, or a view.</summary>
internal sealed class ModelStager(
    RunContext context,
    RelationBinder binder,
    NodeStatements statements,
    RowDiverter diverter,
    RuleBinder rules
)
{
    private readonly ReplayStager _replays = new(
        context,
        statements,
        diverter,
        rules,
        new CdcStager(context, binder, statements, diverter)
    );
    private readonly RunTimeQuestions _questions = new(context, binder, statements);
    private readonly StageQuery _query = new(context, statements);
    private readonly StageKeys _keys = new(statements);
    private readonly TargetKeys _targetKeys = new(context, statements);
    private readonly ModelFiles _files = new(context, statements);
    private readonly BatchEntry _batches = new(context, statements);
    private readonly TableEntry _tables = new(context, statements);
    private readonly FeedReading _feeds = new(context);
    private readonly CdcStager _cdc = new(context, binder, statements, diverter);
    private readonly SnapshotStager _snapshots = new(context, binder, statements);

    public async Task<StagedNode> StageAsync(
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        if (planned.Action == PlannedAction.Incremental && context.Request.Replay?.NodeId == model.UniqueId)
            return await _replays.StageAsync(on, planned, model, cancellationToken);
        await on.EnsureSchemaAsync(model.Relation.Schema, cancellationToken);
        await on.EnsureStageSchemaAsync(model.Relation.Schema, cancellationToken);
        context.Failpoints.Hit(FailpointName.StageBegun);
        await using var lease = await on.Sessions.RentAsync(model.UniqueId, cancellationToken);
        await statements.RunPreHooksAsync(lease, model, cancellationToken);
        planned = FromTheStart(on, planned, model);
        model = await _questions.SettleAsync(
            lease,
            model,
            planned.Action == PlannedAction.Incremental,
            cancellationToken
        );
        var staged = await StageSettledAsync(lease, on, planned, model, cancellationToken);
        return staged with
        {
            PostHooks = model.Config.PostHooks,
            Consumed = [.. _feeds.UpstreamsOf(model).Select(upstream => _feeds.PositionOf(on, upstream))],
        };
    }

    private async Task<StagedNode> StageSettledAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await StageByKindAsync(lease, on, planned, model, cancellationToken);
        }
        catch (NodeFailedException e)
            when (!e.Diagnostics.Any(said =>
                    said.Code is InputDiagnostics.EmptyLandingCode or TakenFileDiagnostics.ZoneVanishedCode
                )
                && _files.EmptyOf(model, planned.Action == PlannedAction.Incremental)
                    is { IsEmpty: false } empty
            )
        {
            // without any file columns may be missing, too: that is not what is to be mended
            throw new NodeFailedException([.. empty, .. e.Diagnostics])
            {
                NodeId = e.NodeId,
                Tests = e.Tests,
            };
        }
    }

    private async Task<StagedNode> StageByKindAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    ) =>
        planned.Action switch
        {
            PlannedAction.Full
            or PlannedAction.Incremental when model.Config.Materialized == Materialization.Cdc =>
                await _cdc.StageAsync(lease, on, planned, model, cancellationToken),
            PlannedAction.Full
            or PlannedAction.Incremental when model.Config.Materialized == Materialization.Snapshot =>
                await _snapshots.StageAsync(lease, on, planned, model, cancellationToken),
            PlannedAction.View => await StageViewAsync(lease, on, planned, model, cancellationToken),
            PlannedAction.Full => await StageTableAsync(lease, on, planned, model, cancellationToken),
            PlannedAction.Incremental => await StageBatchAsync(lease, on, planned, model, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(planned)),
        };

    /// <summary>A model whose upstream's changes are not all there any more reads everything again.</summary>
    private PlannedNode FromTheStart(ConnectionRun on, PlannedNode planned, ModelNode model)
    {
        if (
            planned.Action != PlannedAction.Incremental
            || _feeds.FirstUnservedOf(on, model) is not { } upstream
        )
            return planned;
        var name = context.NameOf(upstream);
        if (model.Config.FullRefresh == false)
            throw new NodeFailedException(BuildDiagnostics.ChangesGone(model.Declaration, model.Name, name));
        var position = on.PositionOf(model.UniqueId, upstream);
        return planned.FromTheStart(
            position is null ? $"it has not read '{name}' before"
            : _feeds.StartsOver(on, upstream, position) ? $"'{name}' was rebuilt, rolled back or lost columns"
            : $"changes of '{name}' are not all kept"
        );
    }

    /// <summary>Whether others of its group, or tests, read the stage by the name of the post-image; else it is published before anybody reads it.</summary>
    private static bool IsReadBeforePublish(PlannedNode planned) =>
        planned.PublishGroup is not null || !planned.Tests.IsEmpty;

    /// <summary>Nobody has asked for this table to be made anew, so what is said of other columns holds.</summary>
    private static void RefuseOtherColumns(
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        StagedRelation staged
    )
    {
        if (
            planned.ReadsAgain is null
            || model.Config.OnSchemaChange != OnSchemaChange.Fail
            || on.Find(model.Relation) is not { } existing
        )
            return;
        var (_, refused) = ColumnPlan.Create(existing.Columns, staged.Columns, OnSchemaChange.Fail);
        if (!refused.IsEmpty)
            throw new NodeFailedException(
                InputDiagnostics.SchemaChanged(model.Declaration, model.Name, "fail", refused)
            );
    }

    private async Task<StagedNode> StageViewAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var files = await _files.ExamineAsync(model, cancellationToken);
        var postImage = on.Names.PostImage(model.Relation);
        var body = binder.Bind(model.Full, model.Connection, new ReadScope(files.Batch));
        var (_, columns) = await _query.RunAsync(
            lease,
            on,
            model,
            StageScripts.ViewAs(on.Dialect, postImage, body),
            postImage,
            cancellationToken
        );
        return new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = Relation(on, model, postImage, postImage) with { Columns = columns },
            ViewBody = binder.BindPublished(model.Full, model.Connection, new ReadScope(files.Batch)),
            Diagnostics = files.Warnings,
        };
    }

    private async Task<StagedNode> StageTableAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var files = await _files.LandAsync(lease, on, planned, model, incremental: false, cancellationToken);
        var place = StageScripts.TablePlace(
            on.Names,
            on.Capabilities,
            model.Relation,
            on.Find(model.Relation)
        );
        var postImage = on.Names.PostImage(model.Relation);
        if (place != postImage)
            on.AddSibling(place);
        var body = binder.Bind(model.Full, model.Connection, new ReadScope(files.Batch));
        var statement = StageScripts.TableAs(on.Dialect, on.Capabilities, place, body);
        var (given, columns) = await _query.RunAsync(lease, on, model, statement, place, cancellationToken);
        var relation = Relation(on, model, place, postImage) with { Columns = columns };
        RefuseOtherColumns(on, planned, model, relation);
        await _files.CheckPathsAsync(lease, on, model, relation, files, cancellationToken);
        var diversion = await diverter.DivertAsync(lease, on, planned, model, relation, cancellationToken);
        var keys = await _keys.CheckAsync(lease, on, planned, model, relation, cancellationToken);
        if (place != postImage && IsReadBeforePublish(planned))
        {
            var alias = new ModelStatement(StageScripts.Alias(on.Dialect, postImage, place));
            await statements.RunAsync(lease, model, alias, cancellationToken);
        }
        var (counted, feed) = await _tables.CompareAsync(
            lease,
            on,
            model.UniqueId,
            model,
            keys.Staged,
            cancellationToken
        );
        return Staged(planned.WrittenBy(counted.Writer), model, counted, given, files, diversion, keys) with
        {
            Feed = feed,
        };
    }

    private async Task<StagedNode> StageBatchAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var sql = model.Incremental ?? model.Full;
        var files = await _files.LandAsync(lease, on, planned, model, incremental: true, cancellationToken);
        var place = on.Names.QueriedBatch(model.Relation);
        on.AddInMemory(place);
        var scope = new ReadScope(files.Batch, _feeds.PositionsOf(on, model));
        var statement = StageScripts.TableAs(
            on.Dialect,
            on.Capabilities,
            place,
            binder.Bind(sql, model.Connection, scope)
        );
        var (given, columns) = await _query.RunAsync(lease, on, model, statement, place, cancellationToken);
        var relation = Relation(on, model, place, on.Names.PostImage(model.Relation)) with
        {
            Columns = columns,
        };
        await _files.CheckPathsAsync(lease, on, model, relation, files, cancellationToken);
        var diversion = await diverter.DivertAsync(
            lease,
            on,
            planned,
            model,
            relation,
            cancellationToken,
            replacedFiles: files.Replaced
        );
        var keys = await _keys.CheckAsync(
            lease,
            on,
            planned,
            model,
            relation,
            cancellationToken,
            into: relation.Existing
        );
        keys = keys with
        {
            Staged = await _targetKeys.CheckAsync(lease, on, model, keys.Staged, cancellationToken),
        };
        var (batch, feed) = await _batches.StageAsync(
            lease,
            on,
            model.UniqueId,
            model,
            model.Config,
            keys.Staged,
            cancellationToken,
            replacedFiles: files.Replaced
        );
        return Staged(planned, model, batch.Staged, given, files, diversion, keys) with
        {
            Batch = batch,
            Feed = feed,
            ForgottenFiles = files.Forgotten,
        };
    }

    /// <summary>What all rows have in common that a query over landed files has given.</summary>
    /// <param name="given">How many the query gave; negative where the engine does not say.</param>
    private static StagedNode Staged(
        PlannedNode planned,
        ModelNode model,
        StagedRelation relation,
        long given,
        LandedFiles files,
        Diversion diversion,
        CheckedKeys keys
    ) =>
        new()
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = relation,
            // rows of files that were no rows never came to the query
            Given = given < 0 ? null : given + files.RejectedRows,
            Quarantined = Sum(files.Rejected.IsEmpty ? null : files.RejectedRows, diversion.Quarantine?.Rows),
            MergedAway = keys.MergedAway,
            Quarantine = diversion.Quarantine,
            Tests = diversion.Tests,
            Files = files.Records,
            LandedColumns = files.Columns,
            Rejected = files.Rejected,
            Diagnostics = [.. files.Warnings, .. diversion.Diagnostics, .. keys.Ties],
        };

    /// <summary>Null where neither is known.</summary>
    public static long? Sum(long? first, long? second) => first is null ? second : first + (second ?? 0);

    private StagedRelation Relation(
        ConnectionRun on,
        ModelNode model,
        RelationName physical,
        RelationName postImage
    ) =>
        new()
        {
            Published = model.Relation,
            Existing = on.Find(model.Relation),
            Physical = physical,
            PostImage = postImage,
            IsLookedUp = model.Config.Materialized == Materialization.Incremental,
            Volatile = StagedNode.VolatileOf(model),
            PublishedKey = PublishedKey.Of(context.States.StateOf(model.UniqueId), model.Fingerprint),
        };
}
