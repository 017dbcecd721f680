using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>A further place of a diagnostic and what happens there.</summary>
public sealed record DiagnosticNote(SourceSpan Span, string Text);
