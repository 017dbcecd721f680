using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Reading;
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

    /// <param name="isWhole">The model is built from nothing, and not only some periods.</param>
    /// <returns>Warnings.</returns>
    public async Task<ImmutableArray<Diagnostic>> CheckAsync(
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
            return [];
        var problems = new DiagnosticBag();
        foreach (var empty in _files.EmptyOf(model, rowsStay: false))
            problems.Add(empty);
        var condition = isWhole ? null : Within(on, model, config, periods);
        foreach (var source in SourcesOf(model))
            await _gone.CheckAsync(lease, on, model, source, problems, cancellationToken, condition);
        var found = problems.ToSorted();
        return problems.HasErrors ? throw new NodeFailedException(found) : found;
    }

    /// <summary>What the state is to know of the files that are there, and what it is to forget.</summary>
    /// <param name="isWhole">Nothing that it knew holds.</param>
    public async Task<PeriodNotes> NoteAsync(
        ModelNode model,
        bool isWhole,
        CancellationToken cancellationToken
    )
    {
        var records = ImmutableArray.CreateBuilder<ConsumedFile>();
        var forgotten = ImmutableArray.CreateBuilder<ConsumedFile>();
        foreach (var source in SourcesOf(model))
        {
            var landed = context.States.Landed[source.UniqueId];
            var known = isWhole
                ? []
                : FileSelection.Consumed(context.States, model, landed).ToDictionary(file => file.Path);
            var choice = await FileChoice.MakeAsync(landed, known, cancellationToken);
            records.AddRange(choice.Touched);
            foreach (var file in choice.Read)
            {
                // the engine's reader will say what is wrong with one that cannot be read
                if (await FileContent.FindHashAsync(file, cancellationToken) is { } hash)
                    records.Add(
                        new ConsumedFile(
                            source.UniqueId,
                            model.UniqueId,
                            file.Path,
                            file.Size,
                            file.ModifiedAt,
                            hash,
                            context.NextBatchOf(model.UniqueId)
                        )
                    );
            }
            if (!GoneFiles.AreMissed(landed))
                forgotten.AddRange(choice.Vanished);
        }
        return new PeriodNotes(records.ToImmutable(), forgotten.ToImmutable());
    }

    private IEnumerable<SourceNode> SourcesOf(ModelNode model) =>
        context
            .Graph.InputsOf(model)
            .Select(id => context.Manifest.Find<SourceNode>(id))
            .OfType<SourceNode>()
            .Where(source => source.Files is not null && source.Connection == model.Connection);

    /// <summary>The rows that lie in the periods by the table's own event times; all of them where it has none.</summary>
    private static string Within(
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        ImmutableArray<BatchPeriod> periods
    )
    {
        var columns = on.Find(model.Relation)?.Columns ?? [];
        var name = ColumnNames.Find([.. columns.Select(column => column.Name)], config.EventTime);
        return columns.FirstOrDefault(column => column.Name == name) is { } time
            ? $"coalesce({BatchWindow.Contains(on.Dialect, on.Dialect.QuoteIdentifier(time.Name), time.Type, periods)}, false)"
            : "1 = 1";
    }
}
