using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;

namespace Strata.Runner.Results;

/// <summary>What there is to say of a run that began nothing.</summary>
/// <param name="TargetName">Null where the project could not be read that far.</param>
/// <param name="ExitCode">Of the process.</param>
public sealed record RunNotStarted(
    string RunId,
    string? TargetName,
    int ExitCode,
    ImmutableArray<Diagnostic> Diagnostics
);
