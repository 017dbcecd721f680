using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files;

namespace Strata.Runner.Execution.Landing;

/// <summary>The landed files that statements read, be it through views and ephemeral models.</summary>
internal static class LandedBehind
{
    /// <param name="nodes">What the statements name.</param>
    public static IEnumerable<(FilesConfig Config, LandingZone Landing)> Of(
        RunContext context,
        IEnumerable<string> nodes
    )
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(nodes);
        while (open.TryDequeue(out var id))
        {
            if (!seen.Add(id))
                continue;
            if (context.Manifest.Find<RelationNode>(id) is SourceNode { Files: { } files })
            {
                if (context.States.Landed.GetValueOrDefault(id) is { } landing)
                    yield return (files, landing);
            }
            else if (
                context.Manifest.Find<ModelNode>(id) is
                { Config.Materialized: Materialization.View or Materialization.Ephemeral } view
            )
                foreach (var read in ReadBy(view))
                    open.Enqueue(read);
        }
    }

    /// <summary>What the statements of a node name.</summary>
    public static IEnumerable<string> ReadBy(Node node) =>
        node switch
        {
            ModelNode model => model
                .Full.Reads.Concat(model.Incremental?.Reads ?? [])
                .Select(reference => reference.NodeId),
            TestNode test => test.DependsOn.Append(test.AttachedNode ?? ""),
            _ => [node.UniqueId],
        };
}
