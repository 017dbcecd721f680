using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.Files;

/// <summary>
/// The sources of landed files whose rows a model reads on its own connection. One that only comments name, or that a template asked for and
/// dropped, is an input like others, but none of its files is taken in.
/// </summary>
internal static class FileSources
{
    public static ImmutableArray<SourceNode> Of(ProjectManifest manifest, ModelNode model) =>
        [
            .. model
                .Full.Reads.Concat(model.Incremental?.Reads ?? [])
                .Select(reference => reference.NodeId)
                .Distinct()
                .Select(manifest.Find<SourceNode>)
                .OfType<SourceNode>()
                .Where(source => source.Files is not null && source.Connection == model.Connection),
        ];
}
