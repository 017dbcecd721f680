using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Planning;

namespace Strata.Runner.Files;

/// <summary>
/// Landed files that a model could not read when they came, that are as they were, and so are not tried again: a run
/// says so each time, until they are mended, gone or dropped from the quarantine.
/// </summary>
/// <param name="Model">The name of the model.</param>
public sealed record UnreadFiles(string Model, ImmutableArray<string> Paths)
{
    /// <summary>Of the models of a plan. One that reads everything anew tries its files, too.</summary>
    internal static ImmutableArray<UnreadFiles> Find(
        RunPlan plan,
        ProjectManifest manifest,
        EngineStates states
    ) =>
        [
            .. plan
                .Nodes.Where(node => node.Action != PlannedAction.Full)
                .Select(node => manifest.Find<ModelNode>(node.Id))
                .OfType<ModelNode>()
                .Select(model => new UnreadFiles(model.Name, PathsOf(manifest, model, states)))
                .Where(of => !of.Paths.IsEmpty),
        ];

    private static ImmutableArray<string> PathsOf(
        ProjectManifest manifest,
        ModelNode model,
        EngineStates states
    )
    {
        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (var source in FileSources.Of(manifest, model))
        {
            var landing = states.Landed[source.UniqueId];
            var waiting = FileSelection
                .Consumed(states, model, landing)
                .Where(file => file.IsWaiting)
                .ToDictionary(file => file.Path);
            if (waiting.Count == 0)
                continue;
            paths.AddRange(
                landing
                    .Files.Where(file =>
                        waiting.GetValueOrDefault(file.Path) is { } known
                        && known.Size == file.Size
                        && known.ModifiedAt == file.ModifiedAt
                    )
                    .Select(file => file.Path)
            );
        }
        return paths.ToImmutable();
    }
}
