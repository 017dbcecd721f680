using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Files.Landing;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Brings the rows of some periods of a microbatch model into the stage: its inputs are read for these periods
/// only, and what comes out must lie in them.
/// </summary>
internal sealed class PeriodStager(
    RunContext context,
    RelationBinder binder,
    NodeStatements statements,
    RowDiverter diverter
)
{
    private readonly StageKeys _keys = new(statements);
    private readonly StageQuery _query = new(context, statements);
    private readonly BatchEntry _batches = new(context, statements);
    private readonly RunTimeQuestions _questions = new(context, binder, statements);
    private readonly ArrivalReading _arrivals = new(context, statements);
    private readonly InPlaceFiles _inPlace = new(context);

    /// <summary>What comes before all batches of a run: schemas, hooks, questions to the engine.</summary>
    /// <returns>The model with its final SQL.</returns>
    public async Task<ModelNode> PrepareAsync(
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        await on.EnsureSchemaAsync(model.Relation.Schema, cancellationToken);
        await on.EnsureStageSchemaAsync(model.Relation.Schema, cancellationToken);
        context.Failpoints.Hit(FailpointName.StageBegun);
        await using var lease = await on.Sessions.RentAsync(model.UniqueId, cancellationToken);
        await statements.RunPreHooksAsync(lease, model, cancellationToken);
        return await _questions.SettleAsync(
            lease,
            model,
            planned.Action == PlannedAction.Incremental,
            cancellationToken
        );
    }

    /// <param name="creates">The rows become the relation, because there is none yet.</param>
    /// <param name="number">Tells batches apart that are staged at the same time.</param>
    public async Task<PeriodStage> StageAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods,
        bool creates,
        int number,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        await using var lease = await on.Sessions.RentAsync(model.UniqueId, cancellationToken);
        var postImage = on.Names.PostImage(model.Relation);
        var place = creates
            ? StageScripts.TablePlace(on.Names, on.Capabilities, model.Relation, null)
            : on.Names.Batch(model.Relation, number);
        if (creates && place != postImage)
            on.AddSibling(place);
        var sql = PeriodSurvey.Sql(planned, model);
        var body = binder.Bind(
            sql,
            model.Connection,
            new ReadScope(await _inPlace.OfferAsync(lease, on, sql, BadContent.IsError, cancellationToken))
            {
                Periods = periods,
            }
        );
        var create = StageScripts.TableAs(on.Dialect, on.Capabilities, place, body);
        var (given, columns) = await _query.RunAsync(lease, on, model, create, place, cancellationToken);
        var relation = new StagedRelation
        {
            Published = model.Relation,
            Existing = on.Find(model.Relation),
            Physical = place,
            PostImage = postImage,
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(model),
            PublishedKey = PublishedKey.Of(context.StateOf(model.UniqueId), model.Fingerprint),
            Columns = columns,
        };
        var column = StageKeys.Resolve(model, "event_time", config.EventTime, relation.Columns);
        var type = relation.Columns.First(known => known.Name == column).Type;
        var rows = new PeriodRows(on.Dialect, column, type, periods);
        var diversion = await diverter.DivertAsync(
            lease,
            on,
            planned,
            model,
            relation,
            cancellationToken,
            rows
        );
        await RefuseOthersAsync(lease, on, model, rows, relation, cancellationToken);
        var keys = await _keys.CheckAsync(lease, on, planned, model, relation, cancellationToken);
        return new PeriodStage(keys, given < 0 ? null : given, rows, diversion);
    }

    /// <summary>Brings staged periods together with what is published now.</summary>
    public async Task<StagedNode> EnterAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        PeriodStage staged,
        bool creates,
        StagedPeriods batches,
        ReplacedPeriods replaced,
        PeriodNotes files,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        await using var lease = await on.Sessions.RentAsync(model.UniqueId, cancellationToken);
        var node = new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = staged.Rows with { Existing = on.Find(model.Relation) },
            Given = staged.Given - (staged.Diversion.Quarantine?.MovedOut ?? 0),
            MergedAway = staged.Keys.MergedAway,
            Diagnostics = staged.Keys.Ties,
            Quarantined = staged.Diversion.Quarantine?.Rows,
            Quarantine = staged.Diversion.Quarantine is { } quarantine
                ? quarantine with
                {
                    Rereads = staged.Periods.Reread(replaced),
                }
                : null,
            Tests = staged.Diversion.Tests,
            Batches = batches,
            Files = files.Records,
            ForgottenFiles = files.Forgotten,
            Consumed = batches.Settles ? _arrivals.PositionsOf(on, model) : [],
            PostHooks = batches.IsLast ? model.Config.PostHooks : [],
        };
        if (creates)
        {
            if (staged.Rows.Physical != staged.Rows.PostImage)
            {
                var alias = StageScripts.Alias(on.Dialect, staged.Rows.PostImage, staged.Rows.Physical);
                await statements.RunAsync(lease, model, new ModelStatement(alias), cancellationToken);
            }
            var batchId = context.NextBatchOf(model.UniqueId);
            return node with { Feed = new StagedFeed(context.Plan.RunId, batchId, null) };
        }
        // a full refresh takes the columns as they are now; each period is replaced in turn
        var settings =
            planned.Action == PlannedAction.Full
                ? model.Config with
                {
                    OnSchemaChange = OnSchemaChange.SyncAllColumns,
                }
                : model.Config;
        var (batch, feed) = await _batches.StageAsync(
            lease,
            on,
            model.UniqueId,
            model,
            settings,
            node.Relation,
            cancellationToken,
            replaced with
            {
                Column = staged.Periods.Column,
                Type = staged.Periods.Type,
            }
        );
        return node with { Relation = batch.Staged, Batch = batch, Feed = feed };
    }

    /// <summary>Drops what a batch has staged, so that the next can take its names.</summary>
    public async Task DropAsync(ModelNode model, StagedRelation staged, CancellationToken cancellationToken)
    {
        var on = context.Connections[model.Connection];
        await using var lease = await on.Sessions.RentAsync(model.UniqueId, cancellationToken);
        var dialect = on.Dialect;
        await lease.Session.ExecuteAsync(
            $"drop view if exists {dialect.Quote(staged.PostImage)}",
            cancellationToken
        );
        foreach (
            var table in new[]
            {
                on.Names.Changes(staged.Published),
                on.Names.Diverted(staged.Published),
                staged.Physical,
            }
        )
            await lease.Session.ExecuteAsync(Ddl.DropTable(dialect, table), cancellationToken);
    }

    /// <summary>A row of another period would be added again by each batch that gives it.</summary>
    private async Task RefuseOthersAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        PeriodRows rows,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        var periods = rows.Periods;
        var counted = await statements.QueryAsync(
            lease,
            model,
            $"select count(*) from {on.Dialect.Quote(staged.Physical)} where not {rows.Stand}",
            1,
            cancellationToken
        );
        var others = counted.ScalarLong;
        if (others > 0)
            throw new NodeFailedException(
                MicrobatchDiagnostics.RowsOutside(
                    model.Declaration,
                    model.Name,
                    periods.Length == 1 ? periods[0].ToString() : $"{periods[0]} to {periods[^1]}",
                    others,
                    rows.Column
                )
            );
    }
}
