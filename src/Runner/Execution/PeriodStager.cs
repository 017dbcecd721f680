using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;

namespace Strata.Runner.Execution;

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
    private readonly BatchEntry _batches = new(context, statements);
    private readonly RunTimeQuestions _questions = new(context, binder, statements);
    private readonly ArrivalReading _arrivals = new(context, statements);

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
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        await statements.RunPreHooksAsync(lease, model, cancellationToken);
        return await _questions.SettleAsync(
            lease,
            model,
            planned.Action == PlannedAction.Incremental,
            cancellationToken
        );
    }

    /// <summary>
    /// The batches of the plan; those in which rows arrived that this run itself has added to inputs; and the rows without
    /// event time if there are any.
    /// </summary>
    public async Task<ImmutableArray<PlannedBatch>> PeriodsAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        var isUnmoved =
            context.Versions.StateOf(model.UniqueId) is { } state
            && context.Versions.AreUnmoved(state, planned.Inputs);
        ImmutableArray<PlannedBatch> periods =
        [
            .. planned.Batches.Where(batch => !isUnmoved || !batch.OnlyIfInputsChange),
        ];
        if (context.Request.EventTime is not null)
            return periods;
        var on = context.Connections[model.Connection];
        if (planned.Action == PlannedAction.Incremental)
        {
            var arrivals = await _arrivals.FindAsync(on, model, config, cancellationToken);
            if (arrivals.Unserved is { } upstream && model.Config.FullRefresh == false)
                throw new NodeFailedException(
                    StateDiagnostics.ChangesGone(model.Declaration, model.Name, upstream)
                );
            periods = BatchSelection.Add(config, context.Plan.StartedAt, periods, arrivals);
        }
        var known = context.States.Engines[on.Name].Batches[model.UniqueId];
        var isKnown = known.Any(record => record is { Start: null } and not { IsPublished: true, Rows: 0 });
        if (!isKnown && !await HasRowsWithoutTimeAsync(on, model, Sql(planned, model), cancellationToken))
            return periods;
        return [.. periods, new PlannedBatch(BatchPeriod.WithoutTime(config.Size), "rows without time")];
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
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var postImage = on.Names.PostImage(model.Relation);
        var place = creates
            ? StageScripts.TablePlace(on.Names, on.Capabilities, model.Relation, null)
            : on.Names.Batch(model.Relation, number);
        if (creates && place != postImage)
            on.AddSibling(place);
        var body = binder.Bind(
            Sql(planned, model),
            model.Connection,
            ReadScope.Everything with
            {
                Periods = periods,
            }
        );
        var create = StageScripts.TableAs(on.Dialect, on.Capabilities, place, body);
        var given = await statements.RunAsync(lease, model, create, cancellationToken);
        var relation = new StagedRelation
        {
            Published = model.Relation,
            Existing = on.Find(model.Relation),
            Physical = place,
            PostImage = postImage,
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(model),
            SameDefinition = context.StateOf(model.UniqueId)?.Fingerprint == model.Fingerprint,
            Columns = await statements.DescribeAsync(lease, on, model, place, cancellationToken),
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
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var node = new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = staged.Rows with { Existing = on.Find(model.Relation) },
            Given = staged.Given + (staged.Diversion.Quarantine?.MovedIn ?? 0),
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
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
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

    /// <summary>Whether the model's SQL reads its own relation, so that batches must follow each other.</summary>
    public static bool ReadsItself(PlannedNode planned, ModelNode model) =>
        Sql(planned, model)
            .References.Any(reference => reference.Kind == Compiler.Rendering.ReferenceKind.This);

    private static Compiler.Rendering.CompiledSql Sql(PlannedNode planned, ModelNode model) =>
        planned.Action == PlannedAction.Full ? model.Full : model.Incremental ?? model.Full;

    /// <summary>What is staged and published together: periods without rows that follow each other, where it can be told which those are.</summary>
    public async Task<ImmutableArray<ImmutableArray<BatchPeriod>>> GroupsAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        // landed files would be read once more
        var readsFiles = DividedInputs
            .Of(context.Manifest, model)
            .Any(input => input is SourceNode { Files: not null } && input.Connection == model.Connection);
        // a model that reads itself may carry rows from one period into the next
        if (readsFiles || ReadsItself(planned, model) || periods.Length < PeriodGroups.WorthAsking)
            return PeriodGroups.Single(periods);
        var filled = new HashSet<DateTimeOffset>();
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (
            var (_, relation, column, type) in binder.DividedInputsOf(Sql(planned, model), model.Connection)
        )
        {
            var sql = ArrivalQuery.Filled(on.Dialect, config.Size, relation, column, type, periods);
            var rows = await statements.QueryAsync(lease, model, sql, int.MaxValue, cancellationToken);
            filled.UnionWith(ArrivalQuery.Read(rows));
        }
        return PeriodGroups.Of(periods, filled);
    }

    /// <summary>Warnings of rows that no batch of the model will ever hold.</summary>
    public async Task<ImmutableArray<Diagnostic>> LeftOutAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        // afterwards only what arrives would be news
        if (planned.Action != PlannedAction.Full || context.Request.EventTime is not null)
            return [];
        var on = context.Connections[model.Connection];
        var begin = BatchPeriod.StartingAt(
            config.Size,
            Microbatches.Calendar.Floor(config.Size, config.Begin)
        );
        var warnings = ImmutableArray.CreateBuilder<Diagnostic>();
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (
            var (input, relation, column, type) in binder.DividedInputsOf(
                Sql(planned, model),
                model.Connection
            )
        )
        {
            // landed files would be read once more
            if (input is SourceNode { Files: not null } && input.Connection == model.Connection)
                continue;
            var rows = await statements.QueryAsync(
                lease,
                model,
                ArrivalQuery.Before(on.Dialect, relation, column, type, begin),
                1,
                cancellationToken
            );
            var count = Convert.ToInt64(rows.Rows[0][0] ?? 0L, CultureInfo.InvariantCulture);
            if (count > 0)
                warnings.Add(
                    MicrobatchDiagnostics.BeforeBegin(
                        model.Declaration,
                        model.Name,
                        count,
                        input.Name,
                        begin.ToString(),
                        Convert.ToString(rows.Rows[0][1], CultureInfo.InvariantCulture) ?? ""
                    )
                );
        }
        return warnings.ToImmutable();
    }

    private async Task<bool> HasRowsWithoutTimeAsync(
        ConnectionRun on,
        ModelNode model,
        Compiler.Rendering.CompiledSql sql,
        CancellationToken cancellationToken
    )
    {
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (var (_, relation, column, _) in binder.DividedInputsOf(sql, model.Connection))
        {
            var rows = await statements.QueryAsync(
                lease,
                model,
                $"select 1 from {relation} where {column} is null limit 1",
                1,
                cancellationToken
            );
            if (!rows.Rows.IsEmpty)
                return true;
        }
        return false;
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
        var others = Convert.ToInt64(counted.Scalar ?? 0L, CultureInfo.InvariantCulture);
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
