using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Building;

namespace Strata.Compiler.Project;

/// <summary>Text in, manifest out: the compiler's front door.</summary>
public static class ProjectCompiler
{
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static CompileResult Compile(CompileRequest request, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        var loop = new FileLoop(request.Threads, cancellation);
        var repeatability = new Repeatability();
        var project = new ProjectLoader(request, loop, repeatability, diagnostics).Load();
        if (project is null)
            return new CompileResult(null, diagnostics.ToSorted());
        var builder = new ManifestBuilder(project, request, loop, repeatability, diagnostics, cancellation);
        var manifest = builder.Build();
        return new CompileResult(diagnostics.HasErrors ? null : manifest, diagnostics.ToSorted())
        {
            Outline = OutlineOf(project),
            Query = builder.Query,
            Renderer = builder.Renderer,
            Sources = new ProjectSources(
                [.. project.File.Paths.Sources.Distinct(StringComparer.Ordinal)],
                builder.Included
            ),
            IsRepeatable = repeatability.IsKept,
        };
    }

    private static ProjectManifest OutlineOf(ParsedProject project) =>
        new()
        {
            ProjectName = project.Name,
            ProjectFolder = project.Folder,
            TargetName = project.Target.Name,
            Connections = project.Target.Connections,
            TestResults = project.File.TestResults,
            Retention = project.File.Retention,
            Nodes = ImmutableSortedDictionary<string, Node>.Empty,
            Graph = Dag<string>.Empty,
        };
}
