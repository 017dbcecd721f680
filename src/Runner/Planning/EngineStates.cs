using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.State;

namespace Strata.Runner.Planning;

/// <summary>The world outside the project, as it was when the plan was made.</summary>
/// <param name="Engines">By connection; all that the plan writes to or reads from.</param>
/// <param name="Landed">By the unique id of a files source.</param>
public sealed record EngineStates(
    ImmutableDictionary<string, EngineSnapshot> Engines,
    ImmutableDictionary<string, LandingZone> Landed
)
{
    public RelationInfo? Find(string connection, RelationName relation) =>
        Engines.GetValueOrDefault(connection)?.Find(relation);

    /// <summary>The state of a node, test or transfer; of a test that has moved, the newest.</summary>
    public NodeState? StateOf(string nodeId) =>
        Engines
            .Values.Select(engine => engine.Nodes.GetValueOrDefault(nodeId))
            .MaxBy(state => state?.RunId, StringComparer.Ordinal);

    public NodeVersions Versions(ProjectManifest manifest) =>
        new(manifest, StateOf, source => Landed.GetValueOrDefault(source)?.Version);
}
