using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Landing;

/// <summary>Decides which landed files a model takes in, and what becomes of those that cannot be.</summary>
internal sealed class ModelFiles(RunContext context, NodeStatements statements)
{
    private readonly FileLander _lander = new(context, statements);
    private readonly GoneFilesCheck _gone = new(context, statements);

    /// <summary>A view reads all files by the engine's own reader: there is no place for what it cannot read.</summary>
    public async Task<(FileBatch? Batch, ImmutableArray<Diagnostic> Warnings)> ExamineAsync(
        ModelNode view,
        CancellationToken cancellationToken
    )
    {
        var sources = SourcesOf(view);
        if (sources.IsEmpty)
            return (null, []);
        var problems = new DiagnosticBag();
        var on = context.Connections[view.Connection];
        foreach (var source in sources)
        {
            WarnIfEmpty(source, problems, rowsStay: false);
            // a snapshot goes on with the rows that are there
            if (view.Config.Materialized == Materialization.View)
                await _gone.CheckAsync(null, on, view, source, problems, cancellationToken);
            await FileIntake.CheckAsync(context.States.Landed[source.UniqueId], problems, cancellationToken);
        }
        return (FileBatch.Empty(BatchOf(view)), Settled(problems));
    }

    /// <summary>Reads the landed files of a model into the stage: those it has not taken in, or all.</summary>
    public async Task<LandedFiles> LandAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        bool incremental,
        CancellationToken cancellationToken
    )
    {
        var sources = SourcesOf(model);
        if (sources.IsEmpty && incremental)
            return LandedFiles.None;
        var all = LandedFiles.None with { Batch = FileBatch.Empty(BatchOf(model)) };
        var problems = new DiagnosticBag();
        try
        {
            if (!incremental)
                await _gone.CheckLeftSourcesAsync(lease, on, model, sources, problems, cancellationToken);
            if (sources.IsEmpty)
                return LandedFiles.None with { Warnings = Settled(problems) };
            foreach (var source in sources)
            {
                if (!await RefuseIfVanishedAsync(model, source, problems, cancellationToken))
                    WarnIfEmpty(source, problems, incremental);
                if (!incremental)
                    await _gone.CheckAsync(lease, on, model, source, problems, cancellationToken);
                var known = incremental
                    ? FileSelection
                        .Consumed(context.States, model, context.States.Landed[source.UniqueId])
                        .ToDictionary(file => file.Path)
                    : [];
                all = await _lander.LandAsync(
                    lease,
                    on,
                    planned,
                    model,
                    source,
                    known,
                    // a whole table of no file that can be read is nothing to go by
                    incremental ? Remembered(on, model, source, known.Count > 0) : null,
                    all,
                    problems,
                    cancellationToken
                );
            }
            return all with { Warnings = Settled(problems) };
        }
        catch
        {
            // temporary tables go with their session
            lease.IsBroken = true;
            throw;
        }
    }

    /// <summary>
    /// The rows of a file that changes must be found by its path: a column of that name that says something else would leave them
    /// behind in silence.
    /// </summary>
    public async Task CheckPathsAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        LandedFiles files,
        CancellationToken cancellationToken
    )
    {
        var column = IncrementalBatch.FileColumnOf(staged.Columns);
        var replaces = model.DependsOn.Any(id =>
            context.Manifest.Find<SourceNode>(id) is { Files.TakesRowsAway: true }
        );
        if (
            column is null
            || files.Records.IsEmpty
            || !replaces
            || model.Config.Materialized != Materialization.Incremental
        )
            return;
        var name = on.Dialect.QuoteIdentifier(column.Name);
        var paths = string.Join(", ", files.Records.Select(file => on.Dialect.QuoteString(file.Path)));
        var found = await statements.QueryAsync(
            lease,
            model,
            $"select cast({name} as {on.Dialect.TypeName(SqlType.Text)}) from {on.Dialect.Quote(staged.Physical)} "
                + $"where {name} not in ({paths}) limit 1",
            1,
            cancellationToken
        );
        if (found.Scalar is { } other)
            throw new NodeFailedException(
                FileDiagnostics.CannotReplace(
                    model.Declaration,
                    model.Name,
                    "replacing the rows of a file",
                    $"a row's {IncrementalBatch.FileColumn} is '{other}', which is not a file that was read (rows of no file must have null there)"
                )
            );
    }

    private static LandedColumns? Remembered(
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        bool hasTakenIn
    ) =>
        on.LandedColumnsOf(model.UniqueId, source.UniqueId)
        ?? (
            hasTakenIn && on.Find(model.Relation) is { } table
                ? LandedColumns.Guess(
                    source.UniqueId,
                    model.UniqueId,
                    table,
                    source.Files is not { Format: FileFormat.Parquet }
                )
                : null
        );

    private ImmutableArray<SourceNode> SourcesOf(ModelNode model) => FileSources.Of(context.Manifest, model);

    private long BatchOf(ModelNode model) => context.NextBatchOf(model.UniqueId);

    /// <summary>A warning for each source of a model that has no files at all.</summary>
    /// <param name="rowsStay">What the model has of earlier files, it keeps.</param>
    public ImmutableArray<Diagnostic> EmptyOf(ModelNode model, bool rowsStay) =>
        [.. SourcesOf(model).Select(source => EmptyOf(source, rowsStay)).OfType<Diagnostic>()];

    private Diagnostic? EmptyOf(SourceNode source, bool rowsStay) =>
        context.States.Landed[source.UniqueId].Files.IsEmpty && source.Files is { } config
            ? InputDiagnostics.EmptyLanding(
                source.Declaration,
                $"{source.SourceName}.{source.Name}",
                config.Path,
                rowsStay && config.OnVanish != OnVanishedFile.Delete
            )
            : null;

    /// <summary>
    /// That the files of a landing zone take their rows along does not empty the model of all that it has taken in, unless it is built from
    /// nothing on demand. See <see cref="VanishedZone"/>.
    /// </summary>
    /// <returns>Whether it is refused.</returns>
    public async Task<bool> RefuseIfVanishedAsync(
        ModelNode model,
        SourceNode source,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var landed = context.States.Landed[source.UniqueId];
        if (
            source.Files is not { OnVanish: OnVanishedFile.Delete } config
            || context.Request.FullRefresh && model.Config.FullRefresh != false
            || context.Connections[model.Connection].Find(model.Relation) is not { Kind: RelationKind.Table }
        )
            return false;
        var taken = GoneFiles.Taken(context.States, model, landed);
        if (!await VanishedZone.IsAsync(model, taken, landed, cancellationToken))
            return false;
        problems.Add(
            TakenFileDiagnostics.ZoneVanished(
                model.Declaration,
                model.Name,
                $"{source.SourceName}.{source.Name}",
                config.Path,
                taken.Length,
                landed.Files.Length,
                model.Config.FullRefresh == false
            )
        );
        return true;
    }

    public void WarnIfEmpty(SourceNode source, DiagnosticBag problems, bool rowsStay)
    {
        if (EmptyOf(source, rowsStay) is { } empty)
            problems.Add(empty);
    }

    private static ImmutableArray<Diagnostic> Settled(DiagnosticBag problems)
    {
        var found = problems.ToSorted();
        return problems.HasErrors ? throw new NodeFailedException(found) : found;
    }
}
