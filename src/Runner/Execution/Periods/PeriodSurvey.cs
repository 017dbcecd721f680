using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Feeds;
using Strata.Runner.Files.Landing;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Looks at the inputs of a microbatch model before its batches are built: which periods there are to build, which of them have
/// no rows, and which rows lie in none.
/// </summary>
internal sealed class PeriodSurvey(RunContext context, RelationBinder binder, NodeStatements statements)
{
    private readonly ArrivalReading _arrivals = new(context, statements);
    private readonly LinkedPeriods _ties = new(context, statements);
    private readonly ReplacedFiles _replaced = new(context, statements);
    private readonly InPlaceFiles _inPlace = new(context);

    /// <summary>
    /// The batches of the plan; those in which rows arrived that this run itself has added to inputs; the rows without
    /// event time if there are any; and what is tied to them by corrected rows.
    /// </summary>
    public async Task<DuePeriods> DueAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        var due = await ArrivedAsync(planned, model, config, cancellationToken);
        var (batches, areTied) = await _ties.AddAsync(model, config, due.Batches, cancellationToken);
        // what a replay corrects is not known yet
        var isReplayed = context.Request.Replay?.NodeId == model.UniqueId;
        return due with { Batches = batches, AreTied = areTied || isReplayed };
    }

    private async Task<DuePeriods> ArrivedAsync(
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
            return new DuePeriods(periods);
        var on = context.Connections[model.Connection];
        ImmutableArray<Diagnostic> warnings = [];
        // where nothing was before, any row may lie there; afterwards only what arrives is news
        var hasLeftOut = planned.Action == PlannedAction.Full;
        if (planned.Action == PlannedAction.Incremental)
        {
            var arrivals = await _arrivals.FindAsync(on, model, config, cancellationToken);
            (var replaced, warnings) = await _replaced.FindAsync(
                on,
                model,
                config,
                periods,
                cancellationToken
            );
            arrivals = arrivals.With(replaced);
            if (arrivals.Unserved is { } upstream && model.Config.FullRefresh == false)
                throw new NodeFailedException(
                    BuildDiagnostics.ChangesGone(model.Declaration, model.Name, upstream)
                );
            periods = BatchSelection.Add(config, context.Plan.StartedAt, periods, arrivals);
            var begin = Microbatches.Calendar.Floor(config.Size, config.Begin);
            hasLeftOut = arrivals.Starts.Any(start => start < begin || start >= Microbatches.Calendar.Never);
        }
        var known = context.States.Engines[on.Name].Batches[model.UniqueId];
        var isKnown = known.Any(record => record is { Start: null } and not { IsPublished: true, Rows: 0 });
        if (isKnown || await HasRowsWithoutTimeAsync(on, model, Sql(planned, model), cancellationToken))
            periods =
            [
                .. periods,
                new PlannedBatch(BatchPeriod.WithoutTime(config.Size), "rows without time"),
            ];
        return new DuePeriods(periods) { HasRowsLeftOut = hasLeftOut, Warnings = warnings };
    }

    /// <summary>
    /// What is staged and published together: periods without rows that follow each other, where it can be told which those are; all
    /// of them where a model reads the changes, or rows were corrected from one into another.
    /// </summary>
    public async Task<ImmutableArray<ImmutableArray<BatchPeriod>>> GroupsAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        DuePeriods due,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<BatchPeriod> periods = [.. due.Batches.Select(batch => batch.Period)];
        // else a row that moves to an earlier period would come before it goes
        var isFolded = planned.Action == PlannedAction.Incremental && context.Feeds.IsFolded(model.UniqueId);
        if (due.AreTied || isFolded)
            return periods.IsEmpty ? [] : [periods];
        var on = context.Connections[model.Connection];
        // landed files would be read once more
        var readsFiles = DividedInputs.Of(context.Manifest, model).Any(input => IsLanded(input, model));
        // a model that reads itself may carry rows from one period into the next
        if (readsFiles || ReadsItself(planned, model) || periods.Length < PeriodGroups.WorthAsking)
            return PeriodGroups.Single(periods);
        var filled = new HashSet<DateTimeOffset>();
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (
            var (_, relation, column, type) in binder.DividedInputsOf(
                Sql(planned, model),
                model.Connection,
                files: null
            )
        )
        {
            var sql = ArrivalQuery.Filled(on.Dialect, config.Size, relation, column, type, periods);
            var rows = await statements.QueryAsync(lease, model, sql, int.MaxValue, cancellationToken);
            filled.UnionWith(ArrivalQuery.Read(rows));
        }
        return PeriodGroups.Of(periods, filled);
    }

    /// <summary>Warnings of rows before <c>begin</c>, and of those at <c>infinity</c>, which no batch of the model will ever hold.</summary>
    /// <param name="hasArrived">See <see cref="DuePeriods.HasRowsLeftOut"/>.</param>
    public async Task<ImmutableArray<Diagnostic>> LeftOutAsync(
        PlannedNode planned,
        ModelNode model,
        MicrobatchConfig config,
        bool hasArrived,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        var begin = BatchPeriod.StartingAt(
            config.Size,
            Microbatches.Calendar.Floor(config.Size, config.Begin)
        );
        var warnings = ImmutableArray.CreateBuilder<Diagnostic>();
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var files = await _inPlace.OfferAsync(
            lease,
            on,
            Sql(planned, model),
            BadContent.IsPassedIfUnreadable,
            cancellationToken
        );
        foreach (
            var (input, relation, column, type) in binder.DividedInputsOf(
                Sql(planned, model),
                model.Connection,
                files
            )
        )
        {
            // of those that have come since then they are looked for when the files are
            if (IsLanded(input, model) && planned.Action != PlannedAction.Full)
                continue;
            // what has come to a table without a feed, nobody can tell
            if (!hasArrived && FeedTopology.HasFeed(input))
                continue;
            var (before, first) = hasArrived
                ? await CountAsync(ArrivalQuery.Before(on.Dialect, relation, column, type, begin))
                : (0, "");
            if (before > 0)
                warnings.Add(
                    MicrobatchDiagnostics.BeforeBegin(
                        model.Declaration,
                        model.Name,
                        before,
                        input.Name,
                        begin.ToString(),
                        first
                    )
                );
            (var endless, first) = await CountAsync(ArrivalQuery.Endless(on.Dialect, relation, column, type));
            if (endless > 0)
                warnings.Add(
                    MicrobatchDiagnostics.Endless(model.Declaration, model.Name, endless, input.Name, first)
                );
        }
        return warnings.ToImmutable();

        async Task<(long Rows, string First)> CountAsync(string sql)
        {
            var rows = await statements.QueryAsync(lease, model, sql, 1, cancellationToken);
            return (rows.LongAt(0), Convert.ToString(rows.Rows[0][1], CultureInfo.InvariantCulture) ?? "");
        }
    }

    private async Task<bool> HasRowsWithoutTimeAsync(
        ConnectionRun on,
        ModelNode model,
        CompiledSql sql,
        CancellationToken cancellationToken
    )
    {
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var files = await _inPlace.OfferAsync(
            lease,
            on,
            sql,
            BadContent.IsPassedIfUnreadable,
            cancellationToken
        );
        foreach (var (_, relation, column, _) in binder.DividedInputsOf(sql, model.Connection, files))
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

    /// <summary>Whether the model's SQL reads its own relation, so that batches must follow each other.</summary>
    public static bool ReadsItself(PlannedNode planned, ModelNode model) =>
        Sql(planned, model).Reads.Any(reference => reference.Kind == ReferenceKind.This);

    /// <summary>The SQL that a batch of the model is built by.</summary>
    public static CompiledSql Sql(PlannedNode planned, ModelNode model) =>
        planned.Action == PlannedAction.Full ? model.Full : model.Incremental ?? model.Full;

    private static bool IsLanded(RelationNode input, ModelNode model) =>
        input is SourceNode { Files: not null } && input.Connection == model.Connection;
}
