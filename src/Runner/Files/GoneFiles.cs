using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>
/// Landed files that a model has taken in and that are not there any more: a model that keeps their rows would lose them if it
/// were built from nothing. See <see cref="LostContent"/> for what counts as gone.
/// </summary>
internal static class GoneFiles
{
    /// <summary>Whether rows stay in the model when their files go. A model that is built as a whole each time follows its folder.</summary>
    public static bool AreKeptBy(ModelNode model) =>
        model.Config
            is { Materialized: Materialization.Incremental or Materialization.Cdc, FullRefresh: not true };

    /// <summary>Nobody has said that the rows of files that go are to go, too.</summary>
    public static bool AreMissed(LandingZone landed) =>
        landed.Source.Files is { OnVanish: not OnVanishedFile.Delete };

    /// <summary>What was taken in by the rows that a model's relation holds.</summary>
    public static ImmutableArray<ConsumedFile> Taken(
        EngineStates states,
        ModelNode model,
        LandingZone landed
    ) => Taken(states, model.Connection, HolderOf(states, model), model, landed);

    /// <param name="consumer">Has taken it in, on that connection.</param>
    public static ImmutableArray<ConsumedFile> Taken(
        EngineStates states,
        string connection,
        string consumer,
        ModelNode model,
        LandingZone landed
    ) =>
        [
            .. FileSelection
                .Consumed(states, connection, consumer, model, landed)
                .Where(file => file.IsRead)
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];

    /// <summary>
    /// As whose the files are noted whose rows stand in the model's relation: the model's own, those of the node that was published as it
    /// last, or of one that has left it since.
    /// </summary>
    public static string HolderOf(EngineStates states, ModelNode model)
    {
        var engine = states.Engines[model.Connection];
        return engine.Nodes.ContainsKey(model.UniqueId)
            ? model.UniqueId
            : engine.Holders.GetValueOrDefault(model.Relation) ?? engine.NoteOfLeft(model.Relation);
    }

    /// <summary>Where a model that is to be built under a new relation stood before, and may still have rows.</summary>
    public static (string Connection, RelationName Relation)? FindFormerHome(
        EngineStates states,
        ModelNode model
    )
    {
        var newest = states.Engines.Values.MaxBy(
            engine => engine.FindState(model.UniqueId)?.RunId,
            StringComparer.Ordinal
        );
        if (newest is null)
            return null;
        var left =
            newest.Connection == model.Connection
                ? newest.FindLeft(model.UniqueId, model.Relation)
                : newest.FindState(model.UniqueId)?.Relation;
        return left is { Schema.Length: > 0 } relation ? (newest.Connection, relation) : null;
    }
}
