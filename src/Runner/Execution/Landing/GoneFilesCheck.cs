using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Landing;

/// <summary>
/// Before a model is built from nothing, or periods of it again: whether rows would be lost, because the files that they came in are gone, or hold
/// something else.
/// </summary>
internal sealed class GoneFilesCheck(RunContext context, NodeStatements statements)
{
    private readonly GoneRows _rows = new(context.Manifest, statements);

    /// <param name="lease">Null for a model that loses its rows in any case, so that they need not be counted.</param>
    /// <param name="within">What of the model is built again; null where it is built from nothing.</param>
    /// <returns>
    /// Files that are gone, of which the rows of the model that are built again have none. What was never built may have had some.
    /// </returns>
    public async Task<ImmutableArray<ConsumedFile>> CheckAsync(
        SessionPool.Lease? lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        DiagnosticBag problems,
        CancellationToken cancellationToken,
        RebuiltRows? within = null
    )
    {
        var landed = context.States.Landed[source.UniqueId];
        var isMissed = GoneFiles.AreMissed(landed);
        // a model that is built as a whole has what the files hold now, whatever they held before
        var refusesChanges = within is not null && landed.Source.Files is { OnChange: OnChangedFile.Fail };
        var isKept = GoneFiles.AreKeptBy(model);
        if (!isMissed && !refusesChanges && !(isKept && within is null))
            return [];
        if (isMissed)
            await CheckLeftAsync(model, source, landed, problems, cancellationToken);
        // without a table there is nothing to lose
        if (on.Find(model.Relation) is not { Kind: RelationKind.Table } table)
            return [];
        var lost = await LostContent.FindAsync(
            GoneFiles.Taken(context.States, model, landed),
            landed,
            isKept,
            cancellationToken
        );
        var name = $"{source.SourceName}.{source.Name}";
        // that rows are to go with their files says nothing of a file that is there
        ImmutableArray<ConsumedFile> gone = [.. isMissed ? lost.Gone : [], .. isKept ? lost.Unreadable : []];
        ImmutableArray<ConsumedFile> others = [.. lost.Gone, .. lost.Unreadable];
        var unseen = isKept ? gone : [];
        if (!gone.IsEmpty && isKept && lease is not null)
        {
            var holder = GoneFiles.HolderOf(context.States, model);
            (var rows, gone) = await CountAsync(
                lease,
                on,
                model,
                table,
                holder,
                gone,
                within,
                cancellationToken
            );
            if (rows != 0 && !gone.IsEmpty)
            {
                (others, unseen) = ([], []);
                problems.Add(
                    within is null
                        ? TakenFileDiagnostics.WouldLoseFiles(
                            model.Declaration,
                            model.Name,
                            name,
                            rows,
                            Paths(gone),
                            gone.Count(lost.Unreadable.Contains)
                        )
                        : TakenFileDiagnostics.PeriodsWouldLoseFiles(
                            model.Declaration,
                            model.Name,
                            name,
                            rows,
                            GoneRows.FileColumn(table) is not null,
                            Paths(gone),
                            gone.Count(lost.Unreadable.Contains)
                        )
                );
            }
        }
        else if (!gone.IsEmpty)
        {
            problems.Add(
                TakenFileDiagnostics.RowsVanished(
                    model.Declaration,
                    model.Name,
                    name,
                    Paths(gone),
                    model.Config.FullRefresh == true
                        && model.Config.Materialized is Materialization.Incremental or Materialization.Cdc
                )
            );
        }
        if (!isKept)
            return [];
        if (within is null && !lost.Rewritten.IsEmpty)
            problems.Add(
                TakenFileDiagnostics.ContentGone(model.Declaration, model.Name, name, Paths(lost.Rewritten))
            );
        if (refusesChanges)
            RefuseChanges(model, landed, [.. lost.Rewritten, .. others], problems);
        return unseen;
    }

    /// <summary>
    /// The same of files that came in through sources that the model does not read any more, nor under another name: what of them is
    /// not there either, building it does not bring back.
    /// </summary>
    /// <param name="sources">Those that it reads.</param>
    public async Task CheckLeftSourcesAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        ImmutableArray<SourceNode> sources,
        DiagnosticBag problems,
        CancellationToken cancellationToken,
        RebuiltRows? within = null
    )
    {
        if (!GoneFiles.AreKeptBy(model) || on.Find(model.Relation) is not { Kind: RelationKind.Table } table)
            return;
        var holder = GoneFiles.HolderOf(context.States, model);
        var landed = sources.Select(source => context.States.Landed[source.UniqueId]).ToImmutableArray();
        var left = GoneFiles.Left(context.States, model, holder, landed, context.Manifest);
        foreach (
            var (source, gone) in await GoneFiles.FindAsync(
                left,
                landed,
                context.Manifest.ProjectFolder,
                cancellationToken
            )
        )
        {
            var (rows, lost) = await CountAsync(
                lease,
                on,
                model,
                table,
                holder,
                gone,
                within,
                cancellationToken
            );
            if (rows != 0 && !lost.IsEmpty)
                problems.Add(
                    TakenFileDiagnostics.WouldLoseLeftFiles(
                        model.Declaration,
                        model.Name,
                        source,
                        rows,
                        within is not null,
                        Paths(lost)
                    )
                );
        }
    }

    /// <summary>
    /// Periods that are built again would lose what files held before, and those that are not would keep it, unknown to the state.
    /// </summary>
    /// <param name="lost">Those of them that are there no more have not changed.</param>
    private static void RefuseChanges(
        ModelNode model,
        LandingZone landed,
        ImmutableArray<ConsumedFile> lost,
        DiagnosticBag problems
    )
    {
        var there = landed.Files.Select(file => file.Path).ToHashSet();
        foreach (var file in lost.Where(file => there.Contains(file.Path)))
            problems.Add(InputDiagnostics.ChangedFile(model.Declaration, file.Path, model.Name));
    }

    /// <returns>How many rows of gone files would be lost, and of which files; where it cannot be told, of those that may have rows there.</returns>
    private async Task<(long? Rows, ImmutableArray<ConsumedFile> Files)> CountAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationInfo table,
        string holder,
        ImmutableArray<ConsumedFile> gone,
        RebuiltRows? within,
        CancellationToken cancellationToken
    )
    {
        var notes = GoneFiles.NotesOf(context.States, on.Name, holder);
        var rows = await _rows.CountAsync(
            lease,
            on,
            model,
            table,
            within,
            holder,
            notes.Select(file => file.Path).ToHashSet(),
            GonePaths.Of(gone, notes),
            cancellationToken
        );
        return rows is null && within is not null
            ? (rows, gone.RemoveAll(file => !within.MayHaveRowsOf(file)))
            : (rows, gone);
    }

    /// <summary>Rows that a model under a new name will not have, and the old relation has.</summary>
    private async Task CheckLeftAsync(
        ModelNode model,
        SourceNode source,
        LandingZone landed,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        if (
            !GoneFiles.AreKeptBy(model)
            || GoneFiles.FindFormerHome(context.States, model) is not var (connection, relation)
        )
            return;
        var lost = await LostContent.FindAsync(
            GoneFiles.Taken(context.States, connection, model.UniqueId, model, landed),
            landed,
            isKept: true,
            cancellationToken
        );
        if (!lost.Gone.IsEmpty)
            problems.Add(
                TakenFileDiagnostics.RowsLeft(
                    model.Declaration,
                    model.Name,
                    $"{source.SourceName}.{source.Name}",
                    model.Relation.ToString(),
                    connection == model.Connection ? $"{relation}" : $"{relation} on '{connection}'",
                    Paths(lost.Gone)
                )
            );
    }

    private static ImmutableArray<string> Paths(ImmutableArray<ConsumedFile> files) =>
        [.. files.Select(file => file.Path)];
}
