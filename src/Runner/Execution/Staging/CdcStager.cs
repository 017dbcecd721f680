using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;
using Strata.Runner.Results;
using Strata.Runner.Versions;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Brings a cdc model into the stage: the rows that its new events, together with the events known of the same keys,
/// make of its table. Only these keys are touched.
/// </summary>
internal sealed class CdcStager(
    RunContext context,
    RelationBinder binder,
    NodeStatements statements,
    RowDiverter diverter
)
{
    private readonly CdcReading _reading = new(context, binder, statements, diverter);
    private readonly HistoryStage _stage = new(context, statements);

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
        var state = planned.Action == PlannedAction.Incremental ? FindState(on, model) : null;
        if (planned.Action == PlannedAction.Incremental && state is null)
            planned = FromTheStart(planned, model, CdcState.SetOtherwise);
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
            planned = FromTheStart(
                planned,
                model,
                "columns of its events have other types now, or another spelling"
            );
            state = null;
            foreach (var table in new[] { place, on.Names.Diverted(model.Relation) })
                await _stage.RunAsync(lease, model, Ddl.DropTable(on.Dialect, table), cancellationToken);
            for (var source = 0; source < model.DependsOn.Length; source++)
            {
                var rejected = on.Names.Rejected(model.Relation, source);
                await _stage.RunAsync(lease, model, Ddl.DropTable(on.Dialect, rejected), cancellationToken);
            }
            read = await _reading.ReadAsync(lease, on, planned, model, false, place, cancellationToken);
        }
        if (state is null)
            return await StageWholeAsync(lease, on, planned, model, read, cancellationToken);
        read = await WithColumnsThatLeftAsync(lease, on, model, read, state, place, cancellationToken);
        return await StageBatchAsync(lease, on, planned, model, read, state, cancellationToken);
    }

    /// <summary>What was read, with the columns of earlier events that the query does not give any more.</summary>
    private async Task<CdcRead> WithColumnsThatLeftAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        CdcRead read,
        RelationInfo state,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        var left = CdcState.Left(read.Plan, state);
        if (left.IsEmpty)
            return read;
        foreach (var column in left)
        {
            var add =
                $"alter table {on.Dialect.Quote(place)} add column {read.Plan.Name(column.Name)} {column.Type}";
            await _stage.RunAsync(lease, model, add, cancellationToken);
        }
        var wider = await _reading.FindAsync(lease, on, model, place, true, cancellationToken);
        return read with { Plan = wider.Plan };
    }

    /// <summary>A batch of events that were quarantined, and nothing else.</summary>
    /// <param name="raw">Them, as the model's query would have given them.</param>
    public async Task<StagedNode> StageReplayAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        RelationName raw,
        CancellationToken cancellationToken
    )
    {
        await on.EnsureSchemaAsync(CdcState.Schema, cancellationToken);
        var read = await _reading.FindAsync(lease, on, model, raw, true, cancellationToken);
        if (FindState(on, model) is not { } state || !CdcState.Fits(read.Plan, state))
            throw new NodeFailedException(
                QuarantineDiagnostics.CannotReplay(
                    model.Declaration,
                    model.Name,
                    "its definition has changed so that it starts over",
                    $"'strata quarantine replay {model.Name} --full-refresh' rebuilds the model with them in place"
                )
            );
        read = await WithColumnsThatLeftAsync(lease, on, model, read, state, raw, cancellationToken);
        return await StageBatchAsync(lease, on, planned, model, read, state, cancellationToken);
    }

    private RelationInfo? FindState(ConnectionRun on, ModelNode model) =>
        CdcState.Find(model, on.Dialect, context.StateOf(model.UniqueId), on.Find);

    private static PlannedNode FromTheStart(PlannedNode planned, ModelNode model, string why) =>
        model.Config.FullRefresh == false
            ? throw new NodeFailedException(HistoryDiagnostics.StateUnfit(model.Declaration, model.Name, why))
            : planned.FromTheStart(why);

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
        var stages = Stages(on, model);
        var (_, repeated) = await FindEventsAsync(lease, on, model, read, stages, cancellationToken);
        var match = Match(on, plan, 0);
        var fold = await FoldAsync(lease, on, model, plan, stages, null, match, cancellationToken);
        var (relation, feed) = await _stage.StageWholeAsync(
            lease,
            on,
            model,
            CdcRows.Query(plan, stages.Folded),
            plan.Identity,
            cancellationToken
        );
        var state = CdcState.TableOf(model, on.Dialect);
        var others = CdcState.Others(on.Known, model, on.Dialect).ToImmutableArray();
        return Staged(planned.WrittenBy(relation.Writer), model, read, relation) with
        {
            Events = Events(read, repeated, 0, fold),
            Feed = feed,
            Diagnostics = [.. read.Warnings, .. Ties(model, plan, fold.Ties)],
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
        var stages = Stages(on, model);
        var (nullKeys, repeated) = await FindEventsAsync(lease, on, model, read, stages, cancellationToken);
        var match = Match(on, plan, nullKeys);
        var warnings = read.Warnings.ToBuilder();
        var dropped = 0L;
        // what was forgotten stays so, whatever is remembered from now on
        var forgotten = await _stage.CountAsync(
            lease,
            model,
            CdcState.HasForgotten(on.Dialect, state.Name),
            cancellationToken
        );
        if (forgotten[0] > 0)
        {
            var late = CdcEvents.DropLate(plan, stages.Events, state.Name, match);
            dropped = await _stage.RunAsync(lease, model, late, cancellationToken);
            if (dropped > 0)
                warnings.Add(
                    HistoryDiagnostics.LateDropped(
                        model.Declaration,
                        model.Name,
                        plan.Config.Cdc.TombstoneRetention,
                        dropped
                    )
                );
        }
        // the columns that are new in the events are read as nulls from a state that has not got them yet
        var added = CdcState.AddColumns(plan, state).ToImmutableArray();
        var fold = await FoldAsync(lease, on, model, plan, stages, state, match, cancellationToken);
        var (relation, batch, feed) = await _stage.StageBatchAsync(
            lease,
            on,
            model,
            CdcRows.Query(plan, stages.Folded),
            plan.Identity,
            cancellationToken,
            nullKeys,
            (stages.Gone, CdcRows.Gone(plan, stages, model.Relation, match))
        );
        var now = context.Plan.StartedAt;
        return Staged(planned, model, read, relation) with
        {
            Events = Events(read, repeated, dropped, fold),
            Batch = batch,
            Feed = feed,
            Diagnostics = [.. warnings, .. Ties(model, plan, fold.Ties)],
            StateSteps = [.. added, .. CdcState.Apply(plan, state.Name, stages, match, now)],
            StateRelations = added.IsEmpty ? [] : [state with { Columns = plan.Stored }],
            States =
            [
                // columns that are added here would outlive the rows
                added.IsEmpty
                    ? new StagedState(
                        state.Name,
                        KeptKind.Changes,
                        CdcState.Touched(plan, state, stages.Events, match, now)
                    )
                    : new StagedState(state.Name, KeptKind.Whole),
            ],
        };
    }

    /// <returns>How many events have a null in their key, and how many rows only repeat an event.</returns>
    private async Task<(long NullKeys, long Repeated)> FindEventsAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        CdcRead read,
        CdcStages stages,
        CancellationToken cancellationToken
    )
    {
        var events = CdcEvents.Query(read.Plan, stages.Raw, read.HasChange);
        await _stage.CreateAsync(lease, on, model, stages.Events, events, cancellationToken);
        var count = CdcEvents.CountDistinct(read.Plan, stages.Events);
        var counts = await _stage.CountAsync(lease, model, count, cancellationToken);
        return (counts[0], counts[1]);
    }

    private async Task<Fold> FoldAsync(
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
        await _stage.CreateAsync(lease, on, model, stages.Candidates, candidates, cancellationToken);
        var count = CdcFold.CountTies(plan, stages.Candidates);
        var ties = await _stage.CountAsync(lease, model, count, cancellationToken);
        var folded = CdcFold.Folded(plan, stages.Candidates);
        await _stage.CreateAsync(lease, on, model, stages.Folded, folded, cancellationToken);
        var fates = await _stage.CountAsync(
            lease,
            model,
            CdcFold.CountFates(plan, stages.Folded),
            cancellationToken
        );
        return new Fold(ties[0], fates[0], fates[1], fates[2], fates[3]);
    }

    private static EventCounts Events(CdcRead read, long repeated, long lateDropped, Fold fold) =>
        new()
        {
            Read = read.Rows,
            TakenBack = read.TakenBack,
            Repeated = repeated,
            LateDropped = lateDropped,
            Superseded = fold.Superseded,
            Applied = fold.Applied,
            LastDeletes = read.Plan.KeepsHistory ? null : fold.LastDeletes,
            // what is staged otherwise are versions, or rows that were filled anew
            ExpectedRows = read.Plan.KeepsPlacesOnly ? fold.LastRows : null,
        };

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
            LandedColumns = read.Files.Columns,
            Rejected = read.Files.Rejected,
            ForgottenFiles = read.Files.Forgotten,
            Quarantined = ModelStager.Sum(
                read.Files.Rejected.IsEmpty ? null : read.Files.RejectedRows,
                read.Diversion.Quarantine?.Rows
            ),
            Quarantine = read.Diversion.Quarantine,
            Tests = read.Diversion.Tests,
        };

    /// <summary>How many of the new events ended how.</summary>
    /// <param name="Ties">Those that share key and sequence with another one.</param>
    /// <param name="LastDeletes">Applied deletes that are the last event of their key.</param>
    /// <param name="LastRows">Events that are the last of their key and no delete.</param>
    private sealed record Fold(long Ties, long Applied, long Superseded, long LastDeletes, long LastRows);

    private static CdcStages Stages(ConnectionRun on, ModelNode model) =>
        new(
            on.Names.Raw(model.Relation),
            on.Names.Part(model.Relation, "events"),
            on.Names.Part(model.Relation, "candidates"),
            on.Names.Part(model.Relation, "folded"),
            on.Names.Batch(model.Relation),
            on.Names.Part(model.Relation, "gone")
        );

    private static KeyMatch Match(ConnectionRun on, CdcPlan plan, long nullKeys) =>
        new(on.Dialect, plan.Key, on.Capabilities.HashesNullSafeEquality, nullKeys, []);

    private static ImmutableArray<Diagnostic> Ties(ModelNode model, CdcPlan plan, long ties) =>
        ties == 0
            ? []
            : [HistoryDiagnostics.SameSequence(model.Declaration, model.Name, plan.Sequence, ties)];
}
