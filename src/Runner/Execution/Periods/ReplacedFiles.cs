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
/// have rows of what a file was, as the model's table tells, and those of what it is now; of a file that has only grown, those of what was added.
/// </summary>
internal sealed class ReplacedFiles(RunContext context, NodeStatements statements)
{
    private readonly LandedPeriods _landed = new(context, statements);

    /// <param name="due">What is built anyway.</param>
    /// <returns>
    /// Where these periods begin; and warnings of those that keep their rows, because files are gone that are to be kept and have rows in
    /// them, too, or because the table does not tell.
    /// </returns>
    public async Task<(Arrivals Arrivals, ImmutableArray<Diagnostic> Warnings)> FindAsync(
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<PlannedBatch> due,
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
        var missed = await MissedByAsync(model, moved, cancellationToken);
        var noted = NotedBy(model).Select(file => file.Path).ToHashSet();
        var built = context.States.Engines[model.Connection].BatchesOf(model.UniqueId, config.Size);
        // without the rows of files that are gone, a period is not built again
        var held = missed.Paths.IsEmpty
            ? []
            : stand
                .Where(row =>
                    row.Path is not { } path
                    || missed.MayHave(path, built[row.Start].FirstOrDefault())
                    || !noted.Contains(path)
                )
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
                of.New,
                cancellationToken
            );
            foreach (var leftOut in LandedPeriods.LeftOut(model, of.Source, config, found))
                warnings.Add(leftOut);
            var all = stand
                .Where(row =>
                    row.Path is { } path && of.OldPaths.MayHave(path, built[row.Start].FirstOrDefault())
                )
                .Select(row => row.Start)
                .Concat(found.Select(period => period.Start))
                .Where(start => start >= begin && start <= context.Plan.StartedAt)
                .ToHashSet();
            all.ExceptWith(due.Select(batch => batch.Period.Start).OfType<DateTimeOffset>());
            var kept = tells || missed.Paths.IsEmpty ? all.Where(held.Contains).ToHashSet() : all;
            starts.UnionWith(all.Except(kept));
            var name = $"{of.Source.SourceName}.{of.Source.Name}";
            if (kept.Count > 0)
                warnings.Add(
                    TakenFileDiagnostics.OldRowsStay(
                        model.Declaration,
                        model.Name,
                        name,
                        [
                            .. of
                                .Paths.Union(of.New.Select(rows => rows.File.Path))
                                .Order(StringComparer.Ordinal),
                        ],
                        [
                            .. kept.Order()
                                .Select(start => BatchPeriod.StartingAt(config.Size, start).ToString()),
                        ]
                    )
                );
            if (!tells && !of.Paths.IsEmpty)
                warnings.Add(
                    TakenFileDiagnostics.OldRowsMayStay(
                        model.Declaration,
                        model.Name,
                        name,
                        [.. of.Paths.Order(StringComparer.Ordinal)],
                        hasFiles: GoneRows.FileColumn(table) is not null
                    )
                );
        }
        return (new Arrivals([.. starts], null), warnings.ToSorted());
    }

    /// <summary>Of each source that the batches read by event time: files with other content, and files that are gone.</summary>
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
            var fresh = ImmutableArray.CreateBuilder<FileRows>();
            var old = ImmutableArray.CreateBuilder<State.ConsumedFile>();
            foreach (var file in files.OnChange == OnChangedFile.Replace ? choice.Changed : [])
            {
                var before = known[file.Path];
                if (await GrownFile.IsAsync(files, before, file, cancellationToken))
                {
                    fresh.Add(await FileRows.AddedAsync(files, before, file, cancellationToken));
                    continue;
                }
                fresh.Add(new FileRows(file));
                old.Add(before);
            }
            if (files.OnVanish == OnVanishedFile.Delete)
                old.AddRange(choice.Vanished.Where(GoneFiles.IsTaken));
            if (old.Count + fresh.Count > 0)
                moved.Add(
                    new Moved(
                        source,
                        fresh.ToImmutable(),
                        [.. old.Select(file => file.Path)],
                        GonePaths.Of(old, NotedBy(model))
                    )
                );
        }
        return moved.ToImmutable();
    }

    /// <summary>The paths of files that are gone, and whose rows are to stay. What lies elsewhere is not gone.</summary>
    private async Task<GonePaths> MissedByAsync(
        ModelNode model,
        ImmutableArray<Moved> moved,
        CancellationToken cancellationToken
    )
    {
        var zones = context
            .Graph.InputsOf(model)
            .Select(context.States.Landed.GetValueOrDefault)
            .OfType<LandingZone>()
            .ToList();
        var there = zones.SelectMany(zone => zone.Files).Select(file => file.Path).ToHashSet();
        var notes = NotedBy(model);
        var missed = notes
            .Where(file =>
                GoneFiles.IsTaken(file)
                && !there.Contains(file.Path)
                && !moved.Any(of => of.Paths.Contains(file.Path))
                && context.Manifest.Find<SourceNode>(file.Source)
                    is not { Files.OnVanish: OnVanishedFile.Delete }
            )
            .ToDictionary(file => (file.Source, file.Path));
        foreach (var zone in missed.Count == 0 ? [] : zones)
        {
            var taken = GoneFiles.Taken(context.States, model, zone);
            var lost = await LostContent.FindAsync(taken, zone, isKept: true, cancellationToken);
            foreach (var file in taken.Except(lost.Gone))
                missed.Remove((file.Source, file.Path));
        }
        return GonePaths.Of(missed.Values, notes);
    }

    private ImmutableArray<State.ConsumedFile> NotedBy(ModelNode model) =>
        GoneFiles.NotesOf(context.States, model.Connection, GoneFiles.HolderOf(context.States, model));

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

    /// <param name="New">Rows of files that are there.</param>
    /// <param name="Paths">Of files whose old rows go.</param>
    /// <param name="OldPaths">Where rows of their old content stand.</param>
    private sealed record Moved(
        SourceNode Source,
        ImmutableArray<FileRows> New,
        ImmutableHashSet<string> Paths,
        GonePaths OldPaths
    );
}
