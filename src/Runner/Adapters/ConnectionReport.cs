using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>What <c>strata debug</c> shows of a connection that works.</summary>
/// <param name="Version">Product and version: <c>PostgreSQL 15.18</c>.</param>
/// <param name="Facts">Further lines: path, size, user, rights that are missing.</param>
public sealed record ConnectionReport(string Version, ImmutableArray<(string Name, string Value)> Facts);
