using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Text;
using Strata.Runner.Feeds;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Periods that are built together because the event time of a quarantined row was corrected: its original stands in one period,
/// the corrected row in another. Only if both are built together does the corrected row stay as long as its original comes, and
/// leave with it.
/// </summary>
internal sealed class LinkedPeriods(RunContext context, NodeStatements statements)
{
    /// <param name="due">The periods that are built in any case.</param>
    /// <returns>With those that they are tied to; and whether there are any ties among them.</returns>
    public async Task<(ImmutableArray<PlannedBatch> Batches, bool AreTied)> AddAsync(
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<PlannedBatch> due,
        CancellationToken cancellationToken
    )
    {
        var ties = await FindAsync(model, config, cancellationToken);
        if (ties.IsEmpty)
            return (due, false);
        var all = due.ToDictionary(batch => batch.Period);
        var ours = BatchSelection
            .All(config, context.Plan.StartedAt)
            .Select(batch => batch.Period)
            .Append(BatchPeriod.WithoutTime(config.Size))
            .ToHashSet();
        var areTied = false;
        // a tie may lead on to the next one
        for (var grew = true; grew; )
        {
            grew = false;
            foreach (var (from, to) in ties)
            {
                if (!all.ContainsKey(from) && !all.ContainsKey(to))
                    continue;
                areTied = true;
                foreach (var period in new[] { from, to })
                    grew |= ours.Contains(period) && all.TryAdd(period, new(period, "corrected rows"));
            }
        }
        return (
            [.. all.Values.OrderBy(batch => batch.Period.IsWithoutTime).ThenBy(batch => batch.Period.Start)],
            areTied
        );
    }

    private async Task<ImmutableArray<(BatchPeriod From, BatchPeriod To)>> FindAsync(
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        if (
            on.Find(QuarantineTable.Of(model.Relation, on.Dialect)) is not { } table
            || Shipment.Resolve([config.EventTime], [.. table.Columns.Select(column => column.Name)])
                is not [var name]
        )
            return [];
        var type = table.Columns.First(column => column.Name == name).Type;
        var rows = new PeriodRows(on.Dialect, name, type, []);
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var found = await statements.QueryAsync(
            lease,
            model,
            rows.Moves(config.Size, on.Dialect.Quote(table.Name)),
            int.MaxValue,
            cancellationToken
        );
        return [.. found.Rows.Select(row => (Period(config.Size, row[0]), Period(config.Size, row[1])))];
    }

    private static BatchPeriod Period(BatchSize size, object? start) =>
        UtcInstant.TryParse(Convert.ToString(start, CultureInfo.InvariantCulture) ?? "", out var instant)
            ? BatchPeriod.StartingAt(size, instant)
            : BatchPeriod.WithoutTime(size);
}
