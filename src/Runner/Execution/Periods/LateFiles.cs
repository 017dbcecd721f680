using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Warns of rows of new files, and of those that were added to known ones, that lie in periods which nobody builds again, or in none: the files count as read from now on.
/// </summary>
internal sealed class LateFiles(RunContext context, NodeStatements statements)
{
    private readonly LandedPeriods _landed = new(context, statements);

    /// <param name="hasNotes">
    /// Whether it is known of any file that the model has read it. If not, it may have read those that are there all the same, before that was noted:
    /// periods in which it has rows are taken for built with them.
    /// </param>
    public async Task WarnAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods,
        ImmutableArray<FileRows> fresh,
        bool hasNotes,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        if (fresh.IsEmpty || !_landed.AreOf(model, source))
            return;
        var found = await _landed.ReadAsync(lease, on, model, source, config, fresh, cancellationToken);
        foreach (var leftOut in LandedPeriods.LeftOut(model, source, config, found))
            problems.Add(leftOut);
        var records = context.States.Engines[model.Connection].Batches[model.UniqueId];
        // the next run builds those if this one does not
        var built = BatchSelection
            .Due(config, context.Plan.StartedAt, records, Arrivals.None)
            .IfMoved.Select(batch => batch.Period.Start)
            .Concat(periods.Select(period => period.Start))
            .ToHashSet();
        var begin = Calendar.Floor(config.Size, config.Begin);
        ImmutableArray<BatchPeriod> late =
        [
            .. found
                .Select(period => period.Start)
                .Where(start => start >= begin && start <= context.Plan.StartedAt && !built.Contains(start))
                .Select(start => BatchPeriod.StartingAt(config.Size, start)),
        ];
        if (!late.IsEmpty && !hasNotes)
        {
            var filled = await FilledAsync(lease, on, model, config, late, cancellationToken);
            late = late.RemoveAll(period => period.Start is { } start && filled.Contains(start));
        }
        if (!late.IsEmpty)
            problems.Add(
                TakenFileDiagnostics.LateRows(
                    model.Declaration,
                    model.Name,
                    $"{source.SourceName}.{source.Name}",
                    [.. late.Select(period => period.ToString())]
                )
            );
    }

    /// <summary>In which of some periods the model has rows.</summary>
    private async Task<ImmutableHashSet<DateTimeOffset>> FilledAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods,
        CancellationToken cancellationToken
    )
    {
        if (on.Find(model.Relation) is not { } table || table.Columns.Find(config.EventTime) is not { } time)
            return [];
        var rows = await statements.QueryAsync(
            lease,
            model,
            ArrivalQuery.Filled(
                on.Dialect,
                config.Size,
                on.Dialect.Quote(table.Name),
                on.Dialect.QuoteIdentifier(time.Name),
                time.Type,
                periods
            ),
            int.MaxValue,
            cancellationToken
        );
        return ArrivalQuery.Read(rows);
    }
}
