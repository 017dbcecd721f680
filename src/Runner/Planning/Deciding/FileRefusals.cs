using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters;
using Strata.Runner.Files;

namespace Strata.Runner.Planning.Deciding;

/// <summary>Whether a build would lose rows of landed files that nobody can bring again: what is then decided is refused.</summary>
internal sealed class FileRefusals(RunRequest request, EngineStates states)
{
    /// <summary>A model that keeps the rows of files that go is not built from nothing without them.</summary>
    public Decision OrGone(ModelNode model, RelationInfo? relation, Decision decision)
    {
        if (
            decision is not { Works: true, Action: PlannedAction.Full }
            || relation is not { Kind: RelationKind.Table }
            || !GoneFiles.AreKeptBy(model)
        )
            return decision;
        var gone = ZonesOf(model)
            .Where(GoneFiles.AreMissed)
            .Sum(landed => LostContent.Count(GoneFiles.Taken(states, model, landed), landed));
        return gone == 0
            ? decision
            : Refused(decision, $"{gone} {(gone == 1 ? "file" : "files")} gone (ST7090)");
    }

    /// <summary>Periods are not built again without what files have held, unless the source says that it is to go.</summary>
    public Decision OrChanged(ModelNode model, RelationInfo? relation, Decision decision)
    {
        if (
            !decision.Works
            || decision.Batches.IsEmpty
            || decision.Action == PlannedAction.Full && request.EventTime is null
            || relation is not { Kind: RelationKind.Table }
            || !GoneFiles.AreKeptBy(model)
        )
            return decision;
        var changed = ZonesOf(model)
            .Where(landed => landed.Source.Files is { OnChange: OnChangedFile.Fail })
            .Sum(landed => LostContent.CountRewritten(GoneFiles.Taken(states, model, landed), landed));
        return changed == 0
            ? decision
            : Refused(decision, $"{changed} changed {(changed == 1 ? "file" : "files")} (ST7005)");
    }

    /// <summary>That all files of a zone are gone empties no model, although their rows are to go with them.</summary>
    public Decision OrVanished(ModelNode model, RelationInfo? relation, Decision decision)
    {
        if (
            !decision.Works
            || relation is not { Kind: RelationKind.Table }
            || request.FullRefresh && model.Config.FullRefresh != false
        )
            return decision;
        var vanished = ZonesOf(model)
            .Any(landed =>
                !GoneFiles.AreMissed(landed)
                && VanishedZone.IsCertain(model, GoneFiles.Taken(states, model, landed), landed)
            );
        return vanished ? decision with { Reason = "all files gone (ST7095)", IsRefused = true } : decision;
    }

    private static Decision Refused(Decision decision, string why) =>
        decision with
        {
            Reason = $"{decision.Reason}; {why}",
            IsRefused = true,
        };

    /// <summary>The landing zones whose files a model reads.</summary>
    public IEnumerable<LandingZone> ZonesOf(ModelNode model) =>
        FileSources
            .Of(request.Manifest, model)
            .Select(source => states.Landed.GetValueOrDefault(source.UniqueId))
            .OfType<LandingZone>();
}
