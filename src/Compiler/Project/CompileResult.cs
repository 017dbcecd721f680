using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Introspection;

namespace Strata.Compiler.Project;

/// <param name="Manifest">The compiled project; null when there is an error among the diagnostics.</param>
/// <param name="Diagnostics">Everything found in one go, ordered by file and place.</param>
public sealed record CompileResult(ProjectManifest? Manifest, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>
    /// The project without its nodes: its name, its target and connections, for what asks its databases only. It is there in spite of
    /// errors in models; null where strata.yml or the target cannot be read.
    /// </summary>
    public ProjectManifest? Outline { get; init; }

    /// <summary>Renders the models that ask their engine something, when they are built; null without a manifest.</summary>
    public IRunTimeRenderer? Renderer { get; init; }

    /// <summary>The compiled <see cref="CompileRequest.InlineQuery"/>.</summary>
    public InlineQuery? Query { get; init; }

    /// <summary>Which files the project consists of; null when strata.yml could not be read.</summary>
    public ProjectSources? Sources { get; init; }

    /// <summary>
    /// Whether the same files, request and environment give the same at any time: no template has read the clock, asked for chance or
    /// for a file that is not there.
    /// </summary>
    public bool IsRepeatable { get; init; }

    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.IsError);
}
