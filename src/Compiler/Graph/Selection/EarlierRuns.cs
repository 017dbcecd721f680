using System.Collections.Immutable;
using Strata.Compiler.Graph.Comparing;

namespace Strata.Compiler.Graph.Selection;

/// <summary>What earlier runs left behind that a selection may ask for; a part that it does not ask for is null.</summary>
public sealed record EarlierRuns
{
    public static readonly EarlierRuns None = new();

    /// <summary>For <c>state:</c>: the project beside what it was.</summary>
    public ProjectComparison? Comparison { get; init; }

    /// <summary>For <c>result:</c>: how each node ended, by unique id, in dbt's words.</summary>
    public ImmutableDictionary<string, string>? Results { get; init; }

    /// <summary>For <c>source_status:</c>: the sources that had newer rows at the last look than at the earlier one.</summary>
    public ImmutableHashSet<string>? FresherSources { get; init; }
}
