using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;

namespace Strata.Cli.Progress.Summaries;

/// <param name="Node">What it is about; null where that is a test or the run itself.</param>
internal sealed record RunDiagnostic(Diagnostic Diagnostic, PlannedNode? Node);
