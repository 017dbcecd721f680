using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Output;

/// <param name="Below">A line below it; null for none.</param>
public sealed record PrintedDiagnostic(Diagnostic Diagnostic, string? Below);
