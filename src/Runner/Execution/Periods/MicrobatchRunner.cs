using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Execution.Publishing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;
using Strata.Runner.Results;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Builds a microbatch model: every batch is staged, audited and published by itself (of those without rows as many as follow each
/// other; all at once where a model reads its changes), and one that fails keeps no other from being published. Batches are staged at the same time where they do not read each other; they
/// are published in order of time.
/// </summary>
internal sealed class MicrobatchRunner(
    RunContext context,
    PeriodSurvey survey,
    PeriodStager stager,
    NodeStatements statements,
    Auditor auditor,
    Publisher publisher
)
{
    private readonly PeriodAuditor _auditor = new(auditor);
    private readonly PeriodFiles _files = new(context, statements);

    public async Task<NodeResult> RunAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        PhaseTimer phases,
        CancellationToken cancellationToken
    )
    {
        (planned, model, var due, var files, var warnings) = await PrepareAsync(
            planned,
            model,
            config,
            cancellationToken
        );
        ImmutableArray<BatchPeriod> periods = [.. due.Batches.Select(batch => batch.Period)];
        var groups = await survey.GroupsAsync(planned, model, config, due, cancellationToken);
        var build = new Build(planned, model, config, periods, groups, files, Settles(model), phases);
        var ended = new MicrobatchTally(model, context.Manifest.TestResults.Samples);
        ended.Warn(warnings);
        phases.SoFar = () => ended.HasBegun ? ended.ToResult(planned, periods.Length) : null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<Task<PeriodStage>>();
        try
        {
            for (var i = 0; i < groups.Length; i++)
            {
                var creates = Creates(model);
                var width = creates ? 1 : Width(build);
                while (ahead.Count < width && i + ahead.Count < groups.Length)
                {
                    var next = i + ahead.Count;
                    if (files.RefusalsOf(groups[next]) is { IsEmpty: false } why)
                    {
                        ahead.Enqueue(Task.FromException<PeriodStage>(new NodeFailedException(why)));
                        continue;
                    }
                    ahead.Enqueue(
                        phases.RunAsync(
                            "stage",
                            () =>
                                stager.StageAsync(
                                    planned,
                                    model,
                                    config,
                                    groups[next],
                                    creates,
                                    next,
                                    stop.Token
                                )
                        )
                    );
                }
                var isGood = await PublishAsync(build, i, creates, ahead.Dequeue(), ended, cancellationToken);
                // without a relation there is nothing that other batches could be added to
                if (!isGood && (creates || context.Request.FailFast))
                    break;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(ahead).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return ended.ToResult(planned, periods.Length);
    }

    /// <summary>All batches as one stage, for a model that is published together with others.</summary>
    public async Task<StagedNode> StageTogetherAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        (planned, model, _, var files, var warnings) = await PrepareAsync(
            planned,
            model,
            config,
            cancellationToken
        );
        ImmutableArray<BatchPeriod> periods = [.. planned.Batches.Select(batch => batch.Period)];
        if (files.RefusalsOf(periods) is { IsEmpty: false } refused)
            throw new NodeFailedException(refused);
        var creates = Creates(model);
        var rows = await stager.StageAsync(planned, model, config, periods, creates, 0, cancellationToken);
        var startsOver = StartsOver(planned) || creates;
        var staged = await stager.EnterAsync(
            planned,
            model,
            config,
            rows,
            creates,
            new StagedPeriods(
                [
                    .. periods.Select(period =>
                        Record(config, period, true, periods.Length == 1 ? rows.Rows.Rows : 1)
                    ),
                ],
                startsOver,
                IsLast: true,
                Settles(model)
            ),
            new ReplacedPeriods(config.EventTime, null, periods, startsOver ? periods : []),
            files.Of(isFirst: true, Settles(model)),
            cancellationToken
        );
        return staged with { Diagnostics = [.. staged.Diagnostics, .. warnings] };
    }

    /// <returns>
    /// The node with the periods to build, the model as it is built, the landed files that it reads, and warnings: of rows that no period
    /// holds, and of files.
    /// </returns>
    private async Task<(
        PlannedNode,
        ModelNode,
        DuePeriods,
        PeriodNotes,
        ImmutableArray<Diagnostic>
    )> PrepareAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        model = await stager.PrepareAsync(planned, model, cancellationToken);
        var due = await survey.DueAsync(planned, model, config, cancellationToken);
        var leftOut = context.Request.EventTime is null
            ? await survey.LeftOutAsync(planned, model, config, due.HasRowsLeftOut, cancellationToken)
            : [];
        var (files, ofFiles) = await ExamineFilesAsync(planned, model, config, due, cancellationToken);
        return (
            planned with
            {
                Batches = due.Batches,
            },
            model,
            due,
            files,
            [.. leftOut, .. due.Warnings, .. ofFiles]
        );
    }

    private async Task<(PeriodNotes, ImmutableArray<Diagnostic>)> ExamineFilesAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        DuePeriods due,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        var isWhole = StartsOver(planned) || Creates(model);
        await using var lease = await on.Sessions.RentAsync(model.UniqueId, cancellationToken);
        return await _files.ExamineAsync(
            lease,
            on,
            model,
            config,
            [.. due.Batches.Select(batch => batch.Period)],
            isWhole,
            cancellationToken
        );
    }

    private bool StartsOver(PlannedNode planned) =>
        planned.Action == PlannedAction.Full && context.Request.EventTime is null;

    /// <summary>
    /// Whether this run owes the model's inputs nothing once its last batch is published. A range that was asked for is not
    /// all that has arrived; but where nothing was before, all that lies outside of it is owed as missing, and
    /// rows without event time are looked for by the next run: <see cref="NodeState.Inputs"/> stay as they were.
    /// </summary>
    private bool Settles(ModelNode model) => context.Request.EventTime is null || Creates(model);

    private bool Creates(ModelNode model) =>
        context.Connections[model.Connection].Find(model.Relation) is not { Kind: RelationKind.Table };

    /// <summary>
    /// How many batches may be in the stage at the same time; each may add to the quarantine that the next one knows, and there is one session
    /// that a pre_hook has set up.
    /// </summary>
    private int Width(Build build)
    {
        var on = context.Connections[build.Model.Connection];
        var diverts =
            !RowDiverter.TestsOf(build.Planned, build.Model).IsEmpty
            || on.Find(QuarantineTable.Of(build.Model.Relation, on.Dialect)) is not null;
        return
            !diverts
            && build.Model.Config.PreHooks.IsEmpty
            && (build.Config.Concurrent ?? !PeriodSurvey.ReadsItself(build.Planned, build.Model))
            ? Math.Max(1, Math.Min(context.Request.Threads, on.Adapter.MaxConcurrency))
            : 1;
    }

    private async Task<bool> PublishAsync(
        Build build,
        int index,
        bool creates,
        Task<PeriodStage> staging,
        MicrobatchTally ended,
        CancellationToken cancellationToken
    )
    {
        var (planned, model, config) = (build.Planned, build.Model, build.Config);
        var on = context.Connections[model.Connection];
        var group = build.Groups[index];
        var isLast = index == build.Groups.Length - 1;
        StagedRelation? staged = null;
        long? rows = null;
        ImmutableArray<TestResult> tests = [];
        try
        {
            var stage = await staging;
            (staged, rows) = (stage.Rows, stage.Rows.Rows);
            // where there is no relation, nothing that was known of its batches holds
            var startsOver = (StartsOver(planned) || creates) && !ended.HasPublished;
            var entered = await stager.EnterAsync(
                planned,
                model,
                config,
                stage,
                creates,
                new StagedPeriods(
                    [
                        // of rows without time it must be known that there may be some
                        .. group.Select(
                            (period, i) =>
                                Record(
                                    config,
                                    period,
                                    true,
                                    i == 0 ? stage.Rows.Rows
                                        : period.Start is null ? 1
                                        : 0
                                )
                        ),
                    ],
                    startsOver,
                    isLast,
                    Settles: build.Settles && isLast
                ),
                new ReplacedPeriods(config.EventTime, null, group, startsOver ? build.Periods : []),
                build.Files.Of(isFirst: !ended.HasPublished, settles: build.Settles && isLast),
                cancellationToken
            );
            context.Failpoints.Hit(FailpointName.StageAfter);
            context.Staged[planned.Id] = entered;
            // those that divert rows had their say when the rows were staged
            tests = entered.Tests;
            var open = planned.Tests.RemoveAll(test => RowDiverter.Diverts(test, planned.Id));
            if (!open.IsEmpty)
            {
                var audited = await build.Phases.RunAsync(
                    "audit",
                    () =>
                        _auditor.RunAsync(
                            on,
                            entered,
                            open,
                            [.. build.Periods.Except(group).Except(ended.Published)],
                            cancellationToken
                        )
                );
                tests = [.. tests, .. audited];
                if (tests.Any(test => test.Status is TestStatus.Fail or TestStatus.Error))
                    throw new NodeFailedException([]);
            }
            context.Failpoints.Hit(FailpointName.AuditAfter);
            var ready = entered with
            {
                Tests = ended.TestsWith(tests),
                Timings = build.Phases.Timings,
                BatchDuration = build.Phases.Lap(),
            };
            var published = await build.Phases.RunAsync(
                "publish",
                () => publisher.PublishAsync(on, [ready], cancellationToken)
            );
            ended.Publish(
                group,
                published[planned.Id],
                tests,
                [.. entered.Diagnostics, .. ColumnWarnings.Of(model, entered)]
            );
            return true;
        }
        catch (Exception e) when (e is NodeFailedException or EngineException)
        {
            if (e is NodeFailedException { Tests.IsEmpty: false } judged)
                tests = judged.Tests;
            var why = e is EngineException engine
                ? [statements.Explain(engine.Error, model)]
                : ((NodeFailedException)e).Diagnostics;
            if (!ended.HasPublished)
                tests = [.. tests.Select(test => TestRecorder.WithoutBaseline(planned, test))];
            var all = ended.TestsWith(tests);
            ended.Fail(group, rows, [.. why.Select(said => _files.Explain(model, said))], tests);
            await RememberFailureAsync(on, build, group, all, cancellationToken);
            return false;
        }
        finally
        {
            context.Staged.TryRemove(planned.Id, out _);
            if (staged is not null)
                await DropAsync(model, staged, isLast, cancellationToken);
        }
    }

    /// <summary>Makes room for the next batch, under the same names. Behind the last one the end of the run tries again, and says so if it cannot.</summary>
    private async Task DropAsync(
        ModelNode model,
        StagedRelation staged,
        bool isLast,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await stager.DropAsync(model, staged, cancellationToken);
        }
        catch (Exception e) when (isLast && e is (EngineException or OperationCanceledException))
        {
            // what is published is published
        }
    }

    /// <summary>So that the next run tries this batch again, however long it has been published by then.</summary>
    private async Task RememberFailureAsync(
        ConnectionRun on,
        Build build,
        ImmutableArray<BatchPeriod> group,
        ImmutableArray<TestResult> tests,
        CancellationToken cancellationToken
    )
    {
        var id = build.Model.UniqueId;
        var records = group
            .Select(period => Record(build.Config, period, isPublished: false, rows: 0))
            .ToArray();
        // a model without a relation owes all its batches anyway
        var batch = Creates(build.Model) ? [] : MicrobatchTables.Set(on.Dialect, id, records, false);
        await TestRecorder.WriteAsync(
            on,
            [.. batch, .. TestRecorder.Statements(context, on, id, tests)],
            cancellationToken
        );
    }

    private BatchRecord Record(MicrobatchConfig config, BatchPeriod period, bool isPublished, long rows) =>
        new(
            config.Size,
            period.Start,
            period.End,
            isPublished,
            context.Plan.StartedAt,
            context.Plan.RunId,
            rows
        );

    /// <param name="Groups">The periods that are staged and published together.</param>
    /// <param name="Files">The landed files that are read.</param>
    private sealed record Build(
        PlannedNode Planned,
        ModelNode Model,
        MicrobatchConfig Config,
        ImmutableArray<BatchPeriod> Periods,
        ImmutableArray<ImmutableArray<BatchPeriod>> Groups,
        PeriodNotes Files,
        bool Settles,
        PhaseTimer Phases
    );
}
