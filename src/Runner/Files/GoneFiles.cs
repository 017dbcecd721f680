using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Files.Reading;
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

    /// <summary>Whether a note says that its file is needed: another one may stand for the same content.</summary>
    public static bool IsTaken(ConsumedFile file) => file is { IsRead: true, IsMoved: false };

    /// <summary>All notes of files by whose the model's rows are, those of former contents of paths as well.</summary>
    public static ImmutableArray<ConsumedFile> NotesOf(
        EngineStates states,
        string connection,
        string holder
    ) =>
        [
            .. states.Engines[connection].Files.Where(of => of.Key.Consumer == holder).SelectMany(of => of),
            .. states.Engines[connection].FormerFiles[holder],
        ];

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
                .Where(IsTaken)
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];

    /// <summary>What was taken in through sources that the model reads no more, and that is of none which it reads now.</summary>
    /// <param name="landed">What has landed for those that it reads.</param>
    public static ImmutableArray<ConsumedFile> Left(
        EngineStates states,
        ModelNode model,
        string holder,
        ImmutableArray<LandingZone> landed,
        ProjectManifest manifest
    )
    {
        var notes = states.Engines[model.Connection].Files;
        var reads = landed.Select(zone => zone.Source.UniqueId).ToHashSet();
        ImmutableArray<ConsumedFile> left =
        [
            .. notes
                .Where(of =>
                    of.Key.Consumer == holder
                    && !reads.Contains(of.Key.Source)
                    && manifest.Find<SourceNode>(of.Key.Source)
                        is not { Files.OnVanish: OnVanishedFile.Delete }
                )
                .SelectMany(of => of)
                .Where(IsTaken),
        ];
        if (left.IsEmpty)
            return [];
        var known = landed
            .SelectMany(zone => FileSelection.Consumed(states, model.Connection, holder, model, zone))
            .Select(file => file.Path)
            .ToHashSet();
        return left.RemoveAll(file => known.Contains(file.Path));
    }

    /// <summary>Those whose paths lead to nothing, and whose content lies in no file that has landed; by the name of their source.</summary>
    public static async Task<ImmutableArray<(string Source, ImmutableArray<ConsumedFile> Files)>> FindAsync(
        ImmutableArray<ConsumedFile> left,
        ImmutableArray<LandingZone> landed,
        string projectFolder,
        CancellationToken cancellationToken
    )
    {
        var missing = left.RemoveAll(file => File.Exists(Path.Combine(projectFolder, file.Path)));
        if (missing.IsEmpty)
            return [];
        var sizes = missing.Select(file => file.Size).ToHashSet();
        var found = new Dictionary<string, int>();
        foreach (
            var file in landed
                .SelectMany(zone => zone.Files)
                .DistinctBy(file => file.Path)
                .Where(file => sizes.Contains(file.Size))
        )
        {
            if (await FileContent.FindHashAsync(file, cancellationToken) is { } hash)
                found[hash] = found.GetValueOrDefault(hash) + 1;
        }
        return
        [
            .. missing
                .OrderBy(file => file.Path, StringComparer.Ordinal)
                .GroupBy(file => file.TakenHash)
                .SelectMany(same => same.Skip(found.GetValueOrDefault(same.Key)))
                .GroupBy(file => NameOf(file.Source))
                .OrderBy(of => of.Key, StringComparer.Ordinal)
                .Select(of =>
                    (of.Key, of.OrderBy(file => file.Path, StringComparer.Ordinal).ToImmutableArray())
                ),
        ];
    }

    /// <summary>As people name a source that may be no node any more: the last two parts of its id.</summary>
    private static string NameOf(string source) => string.Join('.', source.Split('.')[^2..]);

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
