using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Project;

/// <summary>Text in, manifest out: the compiler's front door.</summary>
public static class ProjectCompiler
{
    public static CompileResult Compile(CompileRequest request, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        cancellation.ThrowIfCancellationRequested();
        diagnostics.Add(ProjectDiagnostics.ProjectFileNotFound(request.ProjectFolder));
        return new CompileResult(null, diagnostics.ToSorted());
    }
}
