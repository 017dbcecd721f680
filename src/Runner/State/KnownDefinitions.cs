using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Planning;

namespace Strata.Runner.State;

/// <summary>
/// Knows definitions again of which only the words have changed: fingerprints of earlier versions, and transfers whose producer's connection has
/// another name now. Where a relation has really moved, <see cref="NodeHomes"/> sees it by where its state is.
/// </summary>
internal static class KnownDefinitions
{
    public static ImmutableArray<EngineSnapshot> Adopt(
        ProjectManifest manifest,
        PlanGraph graph,
        ImmutableArray<EngineSnapshot> snapshots
    )
    {
        var known = new Dictionary<string, (string Now, Func<string, bool> IsKnown)>(StringComparer.Ordinal);
        foreach (var node in manifest.Nodes.Values)
        {
            if (node is ModelNode { FormerFingerprints.IsEmpty: false } model)
                known[model.UniqueId] = (model.Fingerprint, was => model.FormerFingerprints.Contains(was));
            else if (node is SeedNode { FormerFingerprints.IsEmpty: false } seed)
                known[seed.UniqueId] = (seed.Fingerprint, was => seed.FormerFingerprints.Contains(was));
        }
        foreach (var transfer in graph.Transfers)
            known[transfer.Id] = (
                transfer.Fingerprint,
                was => Nameless(was) == Nameless(transfer.Fingerprint)
            );
        return [.. snapshots.Select(snapshot => snapshot with { Nodes = Adopt(snapshot.Nodes, known) })];
    }

    private static ImmutableDictionary<string, NodeState> Adopt(
        ImmutableDictionary<string, NodeState> nodes,
        Dictionary<string, (string Now, Func<string, bool> IsKnown)> known
    ) =>
        nodes.SetItems(
            nodes
                .Values.Where(state =>
                    known.TryGetValue(state.NodeId, out var definition)
                    && state.Fingerprint != definition.Now
                    && definition.IsKnown(state.Fingerprint)
                )
                .Select(state =>
                    KeyValuePair.Create(
                        state.NodeId,
                        state with
                        {
                            Fingerprint = known[state.NodeId].Now,
                            Published = state.Fingerprint,
                        }
                    )
                )
        );

    /// <summary>Behind the name of the producer's connection.</summary>
    private static string Nameless(string transfer) =>
        transfer[(transfer.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
