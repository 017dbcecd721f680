using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;

namespace Strata.Runner.SourceFreshness;

/// <summary>What came of looking at the age of sources.</summary>
/// <param name="Results">By the sources' unique ids.</param>
/// <param name="Problems">What is not about one source: a history that could not be written.</param>
public sealed record FreshnessReport(
    string RunId,
    ImmutableArray<FreshnessResult> Results,
    ImmutableArray<Diagnostic> Problems,
    TimeSpan Duration
)
{
    public bool IsSuccess =>
        Results.All(result => result.Status is FreshnessStatus.Pass or FreshnessStatus.Warn);
}
