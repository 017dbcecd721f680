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
using Strata.Runner.Versions;

namespace Strata.Runner.Execution;

/// <summary>
/// Brings a cdc model into the stage: the rows that its new events, together with the events known of the same keys,
/// make of its table. Only these keys are touched.
/// </summary>
internal sealed class CdcStager(RunContext context, RelationBinder binder, NodeStatements statements)
{
    private readonly CdcReading _reading = new(context, binder, statements);
    private readonly BatchEntry _batches = new(context, statements);
    private readonly TableEntry _tables = new(context, statements);

    public async Task<StagedNode> StageAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        await on.EnsureSchemaAsync(CdcState.Schema, cancellationToken);
        var place = on.Names.Raw(model.Relation);
        var state =
            planned.Action == PlannedAction.Incremental ? on.Find(CdcState.TableOf(model, on.Dialect)) : null;
        if (planned.Action == PlannedAction.Incremental && state is null)
            planned = FromTheStart(planned, model, "its keys, their order or what is kept is set otherwise");
        var read = await _reading.ReadAsync(
            lease,
            on,
            planned,
            model,
            state is not null,
            place,
            cancellationToken
        );
        if (state is not null && !CdcState.Fits(read.Plan, state))
        {
            planned = FromTheStart(planned, model, "columns of its events have other types now");
            state = null;
            await RunAsync(lease, model, Ddl.DropTable(on.Dialect, place), cancellationToken);
            for (var source = 0; source < model.DependsOn.Length; source++)
            {
                var rejected = on.Names.Rejected(model.Relation, source);
                await RunAsync(lease, model, Ddl.DropTable(on.Dialect, rejected), cancellationToken);
            }
            read = await _reading.ReadAsync(lease, on, planned, model, false, place, cancellationToken);
        }
        return state is null
            ? await StageWholeAsync(lease, on, planned, model, read, cancellationToken)
            : await StageBatchAsync(lease, on, planned, model, read, state, cancellationToken);
    }

    private static PlannedNode FromTheStart(PlannedNode planned, ModelNode model, string why) =>
        model.Config.FullRefresh == false
            ? throw new NodeFailedException(HistoryDiagnostics.StateUnfit(model.Declaration, model.Name, why))
            : planned with
            {
                Action = PlannedAction.Full,
                Reason = why,
            };

    private async Task<StagedNode> StageWholeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CdcRead read,
        CancellationToken cancellationToken
    )
    {
        var plan = read.Plan;
        var rows = StageScripts.TablePlace(
            on.Names,
            on.Capabilities,
            model.Relation,
            on.Find(model.Relation)
        );
        var postImage = on.Names.PostImage(model.Relation);
        if (rows != postImage)
            on.AddSibling(rows);
        var stages = Stages(on, model, rows);
        await FindEventsAsync(lease, on, model, read, stages, cancellationToken);
        var match = Match(on, plan, 0);
        var ties = await FoldAsync(lease, on, model, plan, stages, null, match, cancellationToken);
        await CreateAsync(lease, on, model, rows, CdcRows.Query(plan, stages.Folded), cancellationToken);
        if (rows != postImage)
            await RunAsync(lease, model, StageScripts.Alias(on.Dialect, postImage, rows), cancellationToken);
        var relation = await DescribeAsync(lease, on, model, plan, rows, postImage, cancellationToken);
        (relation, var feed) = await _tables.CompareAsync(
            lease,
            on,
            model.UniqueId,
            model,
            relation,
            cancellationToken
        );
        var state = CdcState.TableOf(model, on.Dialect);
        var others = CdcState.Others(on.Known, model, on.Dialect).ToImmutableArray();
        return Staged(planned.WrittenBy(relation.Writer), model, read, relation) with
        {
            Feed = feed,
            Diagnostics = [.. read.Warnings, .. Ties(model, plan, ties)],
            StateSteps =
            [
                .. others.Select(other => new PublishStep(Ddl.DropTable(on.Dialect, other))),
                .. CdcState.Create(
                    plan,
                    state,
                    stages.Folded,
                    context.Plan.StartedAt,
                    on.Capabilities.RelationIdentityMatters
                ),
            ],
            StateRelations = [new RelationInfo(state, RelationKind.Table, plan.Stored)],
            States =
            [
                .. others.Select(other => new StagedState(other, KeptKind.Whole)),
                new StagedState(state, on.Find(state) is null ? KeptKind.Absent : KeptKind.Whole),
            ],
        };
    }

    private async Task<StagedNode> StageBatchAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CdcRead read,
        RelationInfo state,
        CancellationToken cancellationToken
    )
    {
        var plan = read.Plan;
        var stages = Stages(on, model, on.Names.Batch(model.Relation));
        var nullKeys = await FindEventsAsync(lease, on, model, read, stages, cancellationToken);
        var match = Match(on, plan, nullKeys);
        var warnings = read.Warnings.ToBuilder();
        if (plan.Config.Cdc.TombstoneRetention is { } retention)
        {
            var late = CdcEvents.DropLate(plan, stages.Events, state.Name, match);
            var dropped = await RunAsync(lease, model, late, cancellationToken);
            if (dropped > 0)
                warnings.Add(
                    HistoryDiagnostics.LateDropped(model.Declaration, model.Name, retention, dropped)
                );
        }
        // the columns that are new in the events are read as nulls from a state that has not got them yet
        var added = CdcState.AddColumns(plan, state).ToImmutableArray();
        var ties = await FoldAsync(lease, on, model, plan, stages, state, match, cancellationToken);
        await CreateAsync(
            lease,
            on,
            model,
            stages.Rows,
            CdcRows.Query(plan, stages.Folded),
            cancellationToken
        );
        var relation = await DescribeAsync(
            lease,
            on,
            model,
            plan,
            stages.Rows,
            on.Names.PostImage(model.Relation),
            cancellationToken
        );
        relation = relation with { NullKeyRows = nullKeys };
        var gone = CdcRows.Gone(plan, stages, model.Relation, match);
        await CreateAsync(lease, on, model, stages.Gone, gone, cancellationToken);
        var (batch, feed) = await _batches.StageAsync(
            lease,
            on,
            model.UniqueId,
            model,
            RowIdentity.MergeConfig(plan.Identity),
            relation,
            cancellationToken,
            gone: stages.Gone
        );
        var now = context.Plan.StartedAt;
        return Staged(planned, model, read, relation) with
        {
            Batch = batch,
            Feed = feed,
            Diagnostics = [.. warnings, .. Ties(model, plan, ties)],
            StateSteps = [.. added, .. CdcState.Apply(plan, state.Name, stages, match, now)],
            StateRelations = added.IsEmpty ? [] : [state with { Columns = plan.Stored }],
            States =
            [
                new StagedState(
                    state.Name,
                    KeptKind.Changes,
                    CdcState.Touched(plan, state, stages.Events, match, now)
                ),
            ],
        };
    }

    /// <returns>How many events have a null in their key.</returns>
    private async Task<long> FindEventsAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        CdcRead read,
        CdcStages stages,
        CancellationToken cancellationToken
    )
    {
        var events = CdcEvents.Query(read.Plan, stages.Raw, read.HasChange);
        await CreateAsync(lease, on, model, stages.Events, events, cancellationToken);
        var counts = await statements.QueryAsync(
            lease,
            model,
            StageScripts.CountRows(on.Dialect, stages.Events, read.Plan.Key),
            1,
            cancellationToken
        );
        return Number(counts.Rows[0][1]);
    }

    /// <returns>How many new events share key and sequence with another one.</returns>
    private async Task<long> FoldAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        CdcPlan plan,
        CdcStages stages,
        RelationInfo? state,
        KeyMatch match,
        CancellationToken cancellationToken
    )
    {
        var candidates = CdcFold.Candidates(plan, stages.Events, state, match);
        await CreateAsync(lease, on, model, stages.Candidates, candidates, cancellationToken);
        var ties = await statements.QueryAsync(
            lease,
            model,
            CdcFold.CountTies(plan, stages.Candidates),
            1,
            cancellationToken
        );
        var folded = CdcFold.Folded(plan, stages.Candidates);
        await CreateAsync(lease, on, model, stages.Folded, folded, cancellationToken);
        return Number(ties.Rows[0][0]);
    }

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

    private async Task<StagedRelation> DescribeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        CdcPlan plan,
        RelationName rows,
        RelationName postImage,
        CancellationToken cancellationToken
    )
    {
        var columns = await statements.DescribeAsync(
            lease,
            model,
            $"select * from {on.Dialect.Quote(rows)}",
            cancellationToken
        );
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
            Columns = columns,
            Key = plan.Identity,
            IsKeyUnique = true,
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(model),
            SameDefinition = context.States.StateOf(model.UniqueId)?.Fingerprint == model.Fingerprint,
            Rows = Number(counts.Rows[0][0]),
            NullKeyRows = Number(counts.Rows[0][1]),
        };
    }

    private static StagedNode Staged(
        PlannedNode planned,
        ModelNode model,
        CdcRead read,
        StagedRelation relation
    ) =>
        new()
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = relation,
            Files = read.Files.Records,
            Rejected = read.Files.Rejected,
            ForgottenFiles = read.Files.Forgotten,
            Quarantined = read.Files.Rejected.IsEmpty ? null : read.Files.RejectedRows,
        };

    private static CdcStages Stages(ConnectionRun on, ModelNode model, RelationName rows) =>
        new(
            on.Names.Raw(model.Relation),
            on.Names.Part(model.Relation, "events"),
            on.Names.Part(model.Relation, "candidates"),
            on.Names.Part(model.Relation, "folded"),
            rows,
            on.Names.Part(model.Relation, "gone")
        );

    private static KeyMatch Match(ConnectionRun on, CdcPlan plan, long nullKeys) =>
        new(on.Dialect, plan.Key, on.Capabilities.HashesNullSafeEquality, nullKeys, []);

    private static ImmutableArray<Diagnostic> Ties(ModelNode model, CdcPlan plan, long ties) =>
        ties == 0
            ? []
            : [HistoryDiagnostics.SameSequence(model.Declaration, model.Name, plan.Sequence, ties)];

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
