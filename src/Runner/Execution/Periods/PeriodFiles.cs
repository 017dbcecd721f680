using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// The landed files of a microbatch model. It reads those that are there for each period that it builds; which it has read is noted, so
/// that no period is built again without the rows of files that are gone since, or have other content.
/// </summary>
internal sealed class PeriodFiles(RunContext context, NodeStatements statements)
{
    private readonly ModelFiles _files = new(context, statements);
    private readonly GoneFilesCheck _gone = new(context, statements);
    private readonly LateFiles _late = new(context, statements);

    /// <param name="isWhole">The model is built from nothing, and not only some periods: nothing that the state knew of files holds.</param>
    /// <returns>What the state is to know of the files that are there, and what it is to forget; and warnings.</returns>
    public async Task<(PeriodNotes Notes, ImmutableArray<Diagnostic> Warnings)> ExamineAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods,
        bool isWhole,
        CancellationToken cancellationToken
    )
    {
        if (periods.IsEmpty)
            return (PeriodNotes.None, []);
        var problems = new DiagnosticBag();
        var within = isWhole ? null : Within(on, model, config, periods);
        var records = ImmutableArray.CreateBuilder<ConsumedFile>();
        var forgotten = ImmutableArray.CreateBuilder<ConsumedFile>();
        var replaced = ImmutableArray.CreateBuilder<ConsumedFile>();
        var refused = ImmutableDictionary.CreateBuilder<BatchPeriod, Diagnostic>();
        await _gone.CheckLeftSourcesAsync(
            lease,
            on,
            model,
            [.. SourcesOf(model)],
            problems,
            cancellationToken,
            within
        );
        foreach (var source in SourcesOf(model))
        {
            if (!await _files.RefuseIfVanishedAsync(model, source, problems, cancellationToken))
                _files.WarnIfEmpty(source, problems, rowsStay: false);
            var gone = await _gone.CheckAsync(lease, on, model, source, problems, cancellationToken, within);
            foreach (var (period, why) in isWhole ? [] : Owed(model, source, config, periods, gone))
                refused.TryAdd(period, why);
            var landed = context.States.Landed[source.UniqueId];
            var known = isWhole
                ? []
                : FileSelection.Consumed(context.States, model, landed).ToDictionary(file => file.Path);
            var choice = await FileChoice.MakeAsync(landed, known, cancellationToken);
            records.AddRange(choice.Touched);
            var read = await ReadAsync(lease, on, model, source, choice, problems, cancellationToken);
            var others = source.Files is { OnChange: OnChangedFile.Replace }
                ? choice.Changed.Select(file => file.Path).ToHashSet()
                : [];
            records.AddRange(read.RemoveAll(file => others.Contains(file.Path)));
            replaced.AddRange(read.Where(file => others.Contains(file.Path)));
            var logs = ImmutableDictionary<string, ConsumedFile>.Empty;
            if (source.Files is { } files)
            {
                ImmutableArray<ConsumedFile> there =
                [
                    .. read,
                    .. choice.Touched.Where(file => known[file.Path].IsMoved),
                ];
                var (grown, rotated) = await DividedAsync(files, choice, known, cancellationToken);
                var moves = Moves([.. choice.Vanished, .. rotated], there);
                logs = await GrownElsewhere.FindAsync(
                    files,
                    choice
                        .Vanished.Concat(rotated)
                        .ExceptBy(moves.Select(move => move.From.Path), file => file.Path),
                    choice.Read.Where(file =>
                        !grown.ContainsKey(file.Path) && moves.All(move => move.To != file.Path)
                    ),
                    cancellationToken
                );
                moves = moves.AddRange(
                    logs.Select(log => (log.Value.Moves(context.Plan.StartedAt), log.Key))
                );
                moves = moves.AddRange(Carried(model, grown.AddRange(logs), moves, read));
                // periods of files that are gone and not missed are built again, wherever their content lies now
                var rebuilt = GoneFiles.AreMissed(landed)
                    ? []
                    : choice.Vanished.RemoveAll(file => file.IsMoved);
                forgotten.AddRange(Forgotten(model, rebuilt, there));
                var last = rebuilt.Select(file => file.Path).ToHashSet();
                foreach (var (from, to) in moves)
                    (last.Contains(from.Path) || others.Contains(to) ? replaced : records).Add(from);
                var moved = moves.Select(move => move.From.Path).ToHashSet();
                Policies(model, source, files, problems)
                    .CheckVanished(
                        choice.Vanished.RemoveAll(file => file.IsMoved || moved.Contains(file.Path))
                    );
            }
            if (!isWhole && !problems.HasErrors)
                await _late.WarnAsync(
                    lease,
                    on,
                    model,
                    source,
                    config,
                    periods,
                    await FreshOfAsync(source, choice, read, known, logs, cancellationToken),
                    hasNotes: known.Count > 0,
                    problems,
                    cancellationToken
                );
        }
        var found = problems.ToSorted();
        if (problems.HasErrors)
            throw new NodeFailedException(found);
        return (
            new PeriodNotes(records.ToImmutable(), forgotten.ToImmutable())
            {
                Replaced = replaced.ToImmutable(),
                Refused = refused.ToImmutable(),
            },
            found
        );
    }

    /// <summary>
    /// Files are noted with the first batch that is published. A period that was owed by then, and is published by none (it failed, or was not
    /// asked for), may have rows in them that are nowhere else. A file has no rows of a period that begins after it was written.
    /// </summary>
    /// <param name="gone">Files of which no row stands in the periods.</param>
    private IEnumerable<(BatchPeriod, Diagnostic)> Owed(
        ModelNode model,
        SourceNode source,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods,
        ImmutableArray<ConsumedFile> gone
    )
    {
        if (gone.IsEmpty)
            yield break;
        var records = context.States.Engines[model.Connection].Batches[model.UniqueId].ToList();
        // no file was noted by a later run
        var last = records
            .Where(record => record.IsPublished)
            .Max(record => (DateTimeOffset?)record.KnownUntil);
        var owed = BatchSelection
            .Due(config, context.Plan.StartedAt, records, Arrivals.None)
            .Owed.Select(batch => batch.Period)
            .ToHashSet();
        foreach (var period in periods.Where(period => period.Start <= last && owed.Contains(period)))
        {
            ImmutableArray<string> paths =
            [
                .. gone.Where(file => file.ModifiedAt >= period.Start?.UtcTicks).Select(file => file.Path),
            ];
            if (!paths.IsEmpty)
                yield return (
                    period,
                    TakenFileDiagnostics.PeriodMayLoseFiles(
                        model.Declaration,
                        model.Name,
                        period.ToString(),
                        $"{source.SourceName}.{source.Name}",
                        paths
                    )
                );
        }
    }

    /// <summary>
    /// Files with content that was never read: one may lie under another name now, or be delivered twice. Of one that has only grown it is what
    /// was added, whatever its name was before. Where changed files are replaced, those have their periods built again: see <see cref="ReplacedFiles"/>.
    /// </summary>
    private static async Task<ImmutableArray<FileRows>> FreshOfAsync(
        SourceNode source,
        FileChoice choice,
        ImmutableArray<ConsumedFile> read,
        IReadOnlyDictionary<string, ConsumedFile> known,
        ImmutableDictionary<string, ConsumedFile> logs,
        CancellationToken cancellationToken
    )
    {
        var contents = known.Values.Where(file => file.IsRead).Select(file => file.TakenHash).ToHashSet();
        var old = read.Where(file => contents.Contains(file.Hash)).Select(file => file.Path).ToHashSet();
        var fresh = ImmutableArray.CreateBuilder<FileRows>();
        foreach (var file in choice.Read.Where(file => file.Size > 0 && !old.Contains(file.Path)))
        {
            var isChanged = choice.Changed.Contains(file);
            if (isChanged && source.Files is { OnChange: OnChangedFile.Replace })
                continue;
            if (source.Files is { } its && logs.TryGetValue(file.Path, out var before))
                fresh.Add(await FileRows.AddedAsync(its, before, file, cancellationToken));
            else if (!isChanged)
                fresh.Add(new FileRows(file));
            else if (source.Files is { } config)
                fresh.Add(
                    await GrownFile.IsAsync(config, known[file.Path], file, cancellationToken)
                        ? await FileRows.AddedAsync(config, known[file.Path], file, cancellationToken)
                        // the old content lies elsewhere: it would have been refused
                        : new FileRows(file)
                );
        }
        return fresh.ToImmutable();
    }

    /// <summary>The notes of files that are gone, and those of where their content lay before, unless it lies elsewhere.</summary>
    /// <param name="there">Files that are noted now.</param>
    private IEnumerable<ConsumedFile> Forgotten(
        ModelNode model,
        ImmutableArray<ConsumedFile> gone,
        ImmutableArray<ConsumedFile> there
    )
    {
        var notes = NotesOf(model);
        var contents = gone.Select(file => file.TakenHash).ToHashSet();
        contents.ExceptWith(
            notes.Except(gone).Where(GoneFiles.IsTaken).Concat(there).Select(file => file.TakenHash)
        );
        return gone.Concat(notes.Where(file => file.IsMoved && contents.Contains(file.TakenHash)));
    }

    /// <summary>What files had before that have other content now, by their paths; it may lie elsewhere, if that does not begin with it.</summary>
    private static async Task<(
        ImmutableDictionary<string, ConsumedFile> Grown,
        ImmutableArray<ConsumedFile> Rotated
    )> DividedAsync(
        FilesConfig config,
        FileChoice choice,
        IReadOnlyDictionary<string, ConsumedFile> known,
        CancellationToken cancellationToken
    )
    {
        var grown = ImmutableDictionary.CreateBuilder<string, ConsumedFile>();
        var rotated = ImmutableArray.CreateBuilder<ConsumedFile>();
        foreach (var file in choice.Changed)
        {
            if (await GrownFile.IsAsync(config, known[file.Path], file, cancellationToken))
                grown.Add(file.Path, known[file.Path]);
            else
                rotated.Add(known[file.Path]);
        }
        return (grown.ToImmutable(), rotated.ToImmutable());
    }

    /// <summary>Notes of where contents lay before that files have grown from: they lie in what these are now, and where.</summary>
    /// <param name="grown">What files had, by the paths that they have now.</param>
    /// <param name="moves">What is noted beside them.</param>
    private IEnumerable<(ConsumedFile From, string To)> Carried(
        ModelNode model,
        ImmutableDictionary<string, ConsumedFile> grown,
        ImmutableArray<(ConsumedFile From, string To)> moves,
        ImmutableArray<ConsumedFile> read
    )
    {
        var former = NotesOf(model)
            .Where(note => note.IsMoved)
            .Concat(moves.Select(move => move.From))
            .ToLookup(note => note.TakenHash);
        return read.Where(file => file.IsRead && grown.ContainsKey(file.Path))
            .SelectMany(file =>
                former[grown[file.Path].TakenHash]
                    .Select(note => (note with { Hash = ConsumedFile.MovedMark + file.TakenHash }, file.Path))
            );
    }

    private ImmutableArray<ConsumedFile> NotesOf(ModelNode model) =>
        GoneFiles.NotesOf(context.States, model.Connection, GoneFiles.HolderOf(context.States, model));

    /// <summary>Of contents that left their paths: those that lie in a file that is noted now, as their notes are to be, and where.</summary>
    private ImmutableArray<(ConsumedFile From, string To)> Moves(
        ImmutableArray<ConsumedFile> left,
        ImmutableArray<ConsumedFile> noted
    )
    {
        var places = noted
            .Where(file => file.IsRead)
            .GroupBy(file => file.TakenHash)
            .ToDictionary(same => same.Key, same => new Queue<string>(same.Select(file => file.Path)));
        var moves = ImmutableArray.CreateBuilder<(ConsumedFile, string)>();
        foreach (var file in left.Where(file => GoneFiles.IsTaken(file) && !file.IsWaiting))
        {
            if (places.GetValueOrDefault(file.TakenHash)?.TryDequeue(out var place) == true)
                moves.Add((file.Moves(context.Plan.StartedAt), place));
        }
        return moves.ToImmutable();
    }

    private FilePolicyCheck Policies(
        ModelNode model,
        SourceNode source,
        FilesConfig config,
        DiagnosticBag problems
    ) =>
        new(model, source, config, context.Manifest.Nodes.GetValueOrDefault, problems)
        {
            IsReadByEngine = true,
            IsZoneUnmoved = context.IsUnmoved(model, source),
        };

    /// <summary>
    /// Looks at files that are new to the model: the engine's own reader takes those for short that are torn, and gives nulls for columns
    /// that they do not have.
    /// </summary>
    private async Task<ImmutableArray<ConsumedFile>> ReadAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        FileChoice choice,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        if (source.Files is not { } config || choice.Read.IsEmpty)
            return [];
        var policies = Policies(model, source, config, problems);
        var declared = FileHeader.DeclaredOf(config, context.States.Landed[source.UniqueId]);
        var records = ImmutableArray.CreateBuilder<ConsumedFile>();
        var (unreadable, empty) = (new List<(LandedFile, string)>(), new List<(LandedFile, string)>());
        var drift = new DriftNotes();
        var changed = choice.Changed.Select(file => file.Path).ToHashSet();
        foreach (var file in choice.Read)
        {
            var header = await FileHeader.ReadAsync(config, declared, file, cancellationToken);
            var hasNone = !declared.IsEmpty && header.Missing.Length == declared.Length;
            var why = header.Problem ?? (hasNone ? FileHeader.NamesNone(header.Undeclared) : null);
            if (why is not null)
                // one without rows can be left out, if nothing was in it before
                (file.Size == 0 && !changed.Contains(file.Path) ? empty : unreadable).Add((file, why));
            else
            {
                drift.Add(DriftKind.Missing, header.Missing, file.Path);
                drift.Add(DriftKind.Undeclared, header.Undeclared, file.Path);
            }
            records.Add(
                new ConsumedFile(
                    source.UniqueId,
                    model.UniqueId,
                    file.Path,
                    file.Size,
                    file.ModifiedAt,
                    why is null ? header.Hash ?? "" : "",
                    context.NextBatchOf(model.UniqueId)
                )
            );
        }
        var keys = policies.LosesKeys
            ? await JsonKeys.FindAsync(config, choice.Read, policies.LosesWithin, cancellationToken)
            : [];
        var none = new HashSet<string>();
        policies.Check(new FileIntakeResult([], [.. unreadable], []), none, isLeftOut: false);
        policies.Check(
            new FileIntakeResult([], [.. empty], [.. drift.ToResult(), .. keys]),
            none,
            isLeftOut: true
        );
        if (!problems.HasErrors && policies.Watched is { } watched)
        {
            var left = unreadable.Concat(empty).Select(bad => bad.Item1).ToHashSet();
            var lost = await new LostJsonValues(context, statements).FindAsync(
                lease,
                on,
                model,
                source,
                choice.Read.RemoveAll(left.Contains),
                watched,
                cancellationToken
            );
            if (lost is not null)
                policies.Check(new FileIntakeResult([], [], []) { Lost = lost }, none, isLeftOut: true);
        }
        return records.ToImmutable();
    }

    /// <summary>
    /// What a batch has stumbled over, with what helps: files count as read with the first batch that is published, and to mend one may not be
    /// allowed any more.
    /// </summary>
    public Diagnostic Explain(ModelNode model, Diagnostic why) =>
        why.Hint == LandedProblems.Mend
        && SourcesOf(model).Any(source => source.Files is { OnChange: OnChangedFile.Fail })
            ? why with
            {
                Hint = InputDiagnostics.MendOfBatch(model.Name),
            }
            : why;

    private ImmutableArray<SourceNode> SourcesOf(ModelNode model) => FileSources.Of(context.Manifest, model);

    /// <summary>The rows that lie in the periods by the table's own event times; all of them where it has none.</summary>
    private RebuiltRows Within(
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods
    )
    {
        if (on.Find(model.Relation)?.Columns.Find(config.EventTime) is not { } time)
            return new RebuiltRows("1 = 1", null) { BuiltIn = _ => "1 = 1" };
        var built = context.States.Engines[model.Connection].BatchesOf(model.UniqueId, config.Size);
        return new RebuiltRows(
            RowsOf(periods),
            periods.Any(period => period.IsWithoutTime) ? null : periods.Min(period => period.Start)
        )
        {
            BuiltIn = span =>
                periods.RemoveAll(period => !span.MayHave(built[period.Start].FirstOrDefault()))
                    is { IsEmpty: false } some
                    ? RowsOf(some)
                    : null,
        };

        string RowsOf(ImmutableArray<BatchPeriod> some) =>
            $"coalesce({BatchWindow.Contains(on.Dialect, on.Dialect.QuoteIdentifier(time.Name), time.Type, some)}, false)";
    }
}
