using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Files;
using Strata.Runner.State;

namespace Strata.Runner.Execution;

/// <summary>Decides which landed files a model takes in, and refuses those that cannot be.</summary>
internal sealed class ModelFiles(RunContext context)
{
    /// <summary>The landed files that the model reads: those it has not taken in, or all.</summary>
    public async Task<(
        FileBatch? Batch,
        ImmutableArray<ConsumedFile> Records,
        ImmutableArray<Diagnostic> Warnings
    )> ExamineAsync(ModelNode model, bool incremental, CancellationToken cancellationToken)
    {
        var sources = context
            .Graph.InputsOf(model)
            .Select(id => context.Manifest.Find<SourceNode>(id))
            .OfType<SourceNode>()
            .Where(source => source.Files is not null)
            .ToImmutableArray();
        if (sources.IsEmpty)
            return (null, [], []);
        var batchId = (context.States.StateOf(model.UniqueId)?.BatchId ?? 0) + 1;
        var problems = new DiagnosticBag();
        var records = ImmutableArray.CreateBuilder<ConsumedFile>();
        var landed = ImmutableDictionary.CreateBuilder<string, LandingZone>();
        foreach (var source in sources)
        {
            var zone = context.States.Landed[source.UniqueId];
            if (zone.Files.IsEmpty && source.Files is { } config)
                problems.Add(
                    StateDiagnostics.EmptyLanding(
                        source.Declaration,
                        $"{source.SourceName}.{source.Name}",
                        config.Path
                    )
                );
            var known = incremental
                ? FileSelection.Consumed(context.States, model, source).ToDictionary(file => file.Path)
                : [];
            var (fresh, taken) = await FileIntake.ExamineAsync(
                zone,
                model,
                known,
                batchId,
                problems,
                cancellationToken
            );
            records.AddRange(taken);
            landed[source.UniqueId] = zone with { Files = fresh };
        }
        var found = problems.ToSorted();
        if (problems.HasErrors)
            throw new NodeFailedException(found);
        return (new FileBatch(batchId, landed.ToImmutable()), records.ToImmutable(), found);
    }
}
