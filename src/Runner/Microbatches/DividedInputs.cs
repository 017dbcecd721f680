using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Feeds;

namespace Strata.Runner.Microbatches;

/// <summary>The inputs of microbatch models that a batch reads by event time.</summary>
public static class DividedInputs
{
    public static IEnumerable<RelationNode> Of(ProjectManifest manifest, ModelNode model) =>
        model.Config.Microbatch is null
            ? []
            : model
                .Full.Reads.Concat(model.Incremental?.Reads ?? [])
                .Where(reference =>
                    !reference.IsWhole && reference.Kind is ReferenceKind.Ref or ReferenceKind.Source
                )
                .Select(reference => reference.NodeId)
                .Distinct()
                .Select(id => manifest.Find<RelationNode>(id))
                .OfType<RelationNode>()
                .Where(node => node.EventTime() is not null);

    /// <summary>Those that have a change feed: rows of any period are found because they arrived.</summary>
    public static IEnumerable<ModelNode> Followed(ProjectManifest manifest, ModelNode model) =>
        Of(manifest, model).OfType<ModelNode>().Where(FeedTopology.HasFeed);

    /// <summary>Those that have none: what comes late is found within <c>lookback</c> only.</summary>
    public static IEnumerable<RelationNode> Unfollowed(ProjectManifest manifest, ModelNode model) =>
        Of(manifest, model).Where(node => !FeedTopology.HasFeed(node));
}
