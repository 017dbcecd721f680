using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Quarantine.Replaying;

/// <summary>
/// Makes a batch of an incremental model out of its quarantined rows that pass by now. They enter where they stood: one
/// that a later row of the same key would have overwritten does not overwrite it.
/// </summary>
internal sealed class ReplayStager(
    RunContext context,
    NodeStatements statements,
    RowDiverter diverter,
    RuleBinder rules,
    CdcStager cdc
)
{
    private readonly StageKeys _keys = new(statements);
    private readonly BatchEntry _batches = new(context, statements);
    private readonly CorrectedRows _corrected = new(statements);

    public async Task<StagedNode> StageAsync(
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var replay =
            context.Request.Replay
            ?? throw new InvalidOperationException($"nobody asked to replay rows of '{model.Name}'");
        if (
            on.Find(model.Relation) is not { } target
            || context.States.StateOf(model.UniqueId) is not { } state
        )
            throw new NodeFailedException(QuarantineDiagnostics.NotBuilt(model.Declaration, model.Name));
        if (Refusal(model) is { } refusal)
            throw new NodeFailedException(refusal);
        await on.EnsureStageSchemaAsync(model.Relation.Schema, cancellationToken);
        context.Failpoints.Hit(FailpointName.StageBegun);
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var known = on.Find(QuarantineTable.Of(model.Relation, on.Dialect));
        var corrected = await _corrected.StageAsync(
            lease,
            on,
            model,
            known,
            replay,
            [RowStatus.Open],
            cancellationToken
        );
        var quarantine = diverter.Begin(on, planned, model, known, target.Columns);
        var script = new ReplayScript(on.Dialect, model, target, quarantine, corrected, on.Names);
        var tests = RowDiverter.TestsOf(planned, model);
        var over = rules.Over(
            on,
            tests,
            model,
            corrected,
            quarantine.Columns,
            RowsTogether.Published(on, model, quarantine.Columns, []).And(corrected, quarantine.Columns),
            await rules.OfferAsync(lease, on, tests, cancellationToken),
            CdcReading.Judged(on.Dialect, model, quarantine.Columns)
        );
        await Run(script.Judge(StageScripts.CreateTable(on.Dialect, on.Capabilities, script.Replayed), over));
        var key = ReplayScript.KeyOf(model, target.Columns);
        if (model.Config.Materialized == Materialization.Cdc)
        {
            var raw = on.Names.Raw(model.Relation);
            await Run(script.Events(StageScripts.CreateTable(on.Dialect, on.Capabilities, raw)));
            return await Entered(
                await cdc.StageReplayAsync(lease, on, planned, model, raw, cancellationToken)
            );
        }
        if (model.Config.Microbatch is { } microbatch)
            await RefuseOutsideAsync(lease, on, model, microbatch, script, target, cancellationToken);
        foreach (var sql in script.Supersede(key, on.Capabilities.HashesNullSafeEquality))
            await Run(sql);
        var place = on.Names.Batch(model.Relation);
        await Run(script.Batch(StageScripts.CreateTable(on.Dialect, on.Capabilities, place)));

        var relation = new StagedRelation
        {
            Published = model.Relation,
            Existing = target,
            Physical = place,
            PostImage = on.Names.PostImage(model.Relation),
            IsLookedUp = true,
            Volatile = StagedNode.VolatileOf(model),
            PublishedKey = PublishedKey.Of(state, model.Fingerprint),
            Columns = await statements.DescribeAsync(lease, on, model, place, cancellationToken),
        };
        var keys = await _keys.CheckAsync(
            lease,
            on,
            planned,
            model,
            relation,
            cancellationToken,
            into: target
        );
        var (batch, feed) = await _batches.StageAsync(
            lease,
            on,
            model.UniqueId,
            model,
            model.Config.Microbatch is null
                ? model.Config
                : model.Config with
                {
                    IncrementalStrategy = IncrementalStrategy.Append,
                },
            keys.Staged,
            cancellationToken
        );
        var entered = await Entered(
            new StagedNode
            {
                Node = planned,
                Fingerprint = model.Fingerprint,
                Relation = keys.Staged,
                Batch = batch,
                Feed = feed,
            }
        );
        var counts = await CountAsync();
        return entered with
        {
            Given = counts.Values.Sum(),
            MergedAway = (keys.MergedAway ?? 0) + counts.GetValueOrDefault(RowStatus.Superseded),
        };

        async Task<StagedNode> Entered(StagedNode staged)
        {
            var statuses = await CountAsync();
            return staged with
            {
                // the definition is not what these rows were made with, nor has anything else been read
                Fingerprint = state.Fingerprint,
                IsReplay = true,
                Quarantined = statuses.GetValueOrDefault(RowStatus.Open),
                Quarantine = quarantine with
                {
                    Replayed = script.Replayed,
                    Rows = statuses.GetValueOrDefault(RowStatus.Open),
                    Reentered = statuses.GetValueOrDefault(RowStatus.Replayed),
                },
            };
        }

        Task Run(string sql) => statements.RunAsync(lease, model, new ModelStatement(sql), cancellationToken);

        async Task<Dictionary<string, long>> CountAsync()
        {
            var rows = await statements.QueryAsync(lease, model, script.Count(), 10, cancellationToken);
            return rows.Rows.ToDictionary(row => (string?)row[0] ?? "", row => RowSet.Long(row[1]));
        }
    }

    /// <summary>A row of a period that is not built would be there, and gone when everything is built again.</summary>
    private async Task RefuseOutsideAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        ReplayScript script,
        RelationInfo target,
        CancellationToken cancellationToken
    )
    {
        var column = StageKeys.Resolve(model, "event_time", config.EventTime, target.Columns);
        var type = target.Columns.First(known => known.Name == column).Type;
        ImmutableArray<BatchPeriod> built =
        [
            .. context
                .States.Engines[on.Name]
                .Batches[model.UniqueId]
                .Select(record =>
                    record.Start is { } start
                        ? BatchPeriod.StartingAt(record.Size, start)
                        : BatchPeriod.WithoutTime(record.Size)
                ),
        ];
        var rows = await statements.QueryAsync(
            lease,
            model,
            script.CountOutside(new PeriodRows(on.Dialect, column, type, built)),
            1,
            cancellationToken
        );
        if (rows.ScalarLong is > 0 and var outside)
            throw new NodeFailedException(
                QuarantineDiagnostics.CannotReplay(
                    model.Declaration,
                    model.Name,
                    $"{outside} of them {(outside == 1 ? "lies" : "lie")} in a period that is not built",
                    $"check '{column}' of the corrected rows, or choose others with --id"
                )
            );
    }

    private static Diagnostic? Refusal(ModelNode model)
    {
        var strategy = model.Config.Strategy;
        var reason =
            strategy == IncrementalStrategy.Microbatch
                ? model.Config.UniqueKey.IsEmpty
                    ? null
                    : "its unique_key is decided among all rows of a period"
                : strategy is not (IncrementalStrategy.Append or IncrementalStrategy.Merge)
                    ? $"{IncrementalWriter.Words(strategy)} replaces whole groups of rows"
                    : !model.Config.MergeUpdateColumns.IsEmpty || !model.Config.MergeExcludeColumns.IsEmpty
                        ? "its merge keeps some columns of the first row of a key and takes others from the last"
                        : null;
        return reason is null
            ? null
            : QuarantineDiagnostics.CannotReplay(
                model.Declaration,
                model.Name,
                reason,
                $"'strata quarantine replay {model.Name} --full-refresh' rebuilds the model with them in place"
            );
    }
}
