using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Microbatches;
using Strata.Runner.Quarantine;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Landed files whose rows are to be replaced or to go: which periods of a microbatch model are built again for that. They are those that
/// have rows of what a file was, as the model's table tells, and those of what it is now.
/// </summary>
internal sealed class ReplacedFiles(RunContext context, NodeStatements statements)
{
    private readonly LandedPeriods _landed = new(context, statements);

    /// <returns>
    /// Where these periods begin; and warnings of those that keep their rows, because files are gone that are to be kept and have rows in
    /// them, too, or because the table does not tell.
    /// </returns>
    public async Task<(Arrivals Arrivals, ImmutableArray<Diagnostic> Warnings)> FindAsync(
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        var moved = await MovedAsync(model, cancellationToken);
        if (moved.IsEmpty || on.Find(model.Relation) is not { Kind: RelationKind.Table } table)
            return (Arrivals.None, []);
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var tells =
            GoneRows.FileColumn(table) is not null
            && table.Columns.Find(config.EventTime) is not null
            && GoneRows.AreOfOneFile(context.Manifest, model);
        var stand = tells ? await StandAsync(lease, on, model, config, table, cancellationToken) : [];
        var missed = MissedBy(model, moved);
        var noted = NotedBy(model).Select(file => file.Path).ToHashSet();
        // without the rows of files that are gone, a period is not built again
        var held = missed.IsEmpty
            ? []
            : stand
                .Where(row => row.Path is not { } path || missed.Contains(path) || !noted.Contains(path))
                .Select(row => row.Start)
                .ToHashSet();
        var begin = Microbatches.Calendar.Floor(config.Size, config.Begin);
        var starts = new HashSet<DateTimeOffset>();
        var warnings = new DiagnosticBag();
        foreach (var of in moved)
        {
            var found = await _landed.ReadAsync(
                lease,
                on,
                model,
                of.Source,
                config,
                of.Changed,
                cancellationToken
            );
            if (LandedPeriods.BeforeBegin(model, of.Source, config, found) is { } before)
                warnings.Add(before);
            var all = stand
                .Where(row => row.Path is { } path && of.Paths.Contains(path))
                .Select(row => row.Start)
                .Concat(found.Select(period => period.Start))
                .Where(start => start >= begin && start <= context.Plan.StartedAt)
                .ToHashSet();
            var kept = tells || missed.IsEmpty ? all.Where(held.Contains).ToHashSet() : all;
            starts.UnionWith(all.Except(kept));
            if (!tells || kept.Count > 0)
                warnings.Add(
                    FileDiagnostics.OldRowsStay(
                        model.Declaration,
                        model.Name,
                        $"{of.Source.SourceName}.{of.Source.Name}",
                        [.. of.Paths.Order(StringComparer.Ordinal)],
                        [
                            .. kept.Order()
                                .Select(start => BatchPeriod.StartingAt(config.Size, start).ToString()),
                        ],
                        tells
                    )
                );
        }
        return (new Arrivals([.. starts], null), warnings.ToSorted());
    }

    /// <summary>Of each source that the batches read by event time: files with other content, unless it is the old one with more behind it, and files that are gone.</summary>
    private async Task<ImmutableArray<Moved>> MovedAsync(ModelNode model, CancellationToken cancellationToken)
    {
        var moved = ImmutableArray.CreateBuilder<Moved>();
        foreach (var source in DividedInputs.Of(context.Manifest, model).OfType<SourceNode>())
        {
            if (source.Files is not { TakesRowsAway: true } files || !_landed.AreOf(model, source))
                continue;
            var landed = context.States.Landed[source.UniqueId];
            var known = FileSelection.Consumed(context.States, model, landed).ToDictionary(file => file.Path);
            var choice = await FileChoice.MakeAsync(landed, known, cancellationToken);
            var changed = ImmutableArray.CreateBuilder<LandedFile>();
            foreach (var file in files.OnChange == OnChangedFile.Replace ? choice.Changed : [])
            {
                if (!await LostContent.HasGrownAsync(known[file.Path], file, cancellationToken))
                    changed.Add(file);
            }
            var gone = files.OnVanish == OnVanishedFile.Delete ? choice.Vanished : [];
            ImmutableHashSet<string> paths =
            [
                .. changed.Select(file => file.Path),
                .. gone.Where(file => file.IsRead).Select(file => file.Path),
            ];
            if (!paths.IsEmpty)
                moved.Add(new Moved(source, changed.ToImmutable(), paths));
        }
        return moved.ToImmutable();
    }

    /// <summary>Files that are gone, and whose rows are to stay.</summary>
    private ImmutableHashSet<string> MissedBy(ModelNode model, ImmutableArray<Moved> moved)
    {
        var there = context
            .Graph.InputsOf(model)
            .SelectMany(id => context.States.Landed.GetValueOrDefault(id)?.Files ?? [])
            .Select(file => file.Path)
            .ToHashSet();
        return
        [
            .. NotedBy(model)
                .Where(file =>
                    file.IsRead
                    && !there.Contains(file.Path)
                    && !moved.Any(of => of.Paths.Contains(file.Path))
                    && context.Manifest.Find<SourceNode>(file.Source)
                        is not { Files.OnVanish: OnVanishedFile.Delete }
                )
                .Select(file => file.Path),
        ];
    }

    private IEnumerable<State.ConsumedFile> NotedBy(ModelNode model)
    {
        var holder = GoneFiles.HolderOf(context.States, model);
        return context
            .States.Engines[model.Connection]
            .Files.Where(of => of.Key.Consumer == holder)
            .SelectMany(of => of);
    }

    /// <summary>Of which files there are rows in which periods: in the table, and in its quarantine.</summary>
    private async Task<ImmutableArray<(string? Path, DateTimeOffset Start)>> StandAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        RelationInfo table,
        CancellationToken cancellationToken
    )
    {
        string? Rows(RelationInfo relation, string condition) =>
            GoneRows.FileColumn(relation) is { } file && relation.Columns.Find(config.EventTime) is { } time
                ? $"select {GoneRows.AsText(on, file)} as file, "
                    + $"{ArrivalQuery.Start(on.Dialect, config.Size, on.Dialect.QuoteIdentifier(time.Name))} as period_start "
                    + $"from {on.Dialect.Quote(relation.Name)} where {on.Dialect.QuoteIdentifier(time.Name)} is not null{condition}"
                : null;

        var diverted = on.Find(QuarantineTable.Of(model.Relation, on.Dialect));
        string?[] all =
        [
            Rows(table, ""),
            diverted is null ? null : Rows(diverted, $" and {GoneRows.IsOpen}"),
        ];
        var rows = await statements.QueryAsync(
            lease,
            model,
            $"select distinct file, period_start from (\n{string.Join("\nunion all\n", all.OfType<string>())}\n) as rows_of",
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows.Rows.SelectMany(row =>
                UtcInstant.TryParse(
                    Convert.ToString(row[1], CultureInfo.InvariantCulture) ?? "",
                    out var start
                )
                    ? new[] { (row[0] as string, start) }
                    : []
            ),
        ];
    }

    /// <param name="Changed">Those of the files that are there.</param>
    /// <param name="Paths">Of all of them.</param>
    private sealed record Moved(
        SourceNode Source,
        ImmutableArray<LandedFile> Changed,
        ImmutableHashSet<string> Paths
    );
}
