using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Unwinds a render to its start, where the diagnostic is reported. Never leaves this namespace's renderer.</summary>
internal sealed class TemplateError(Diagnostic diagnostic) : Exception(diagnostic.Message)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}
