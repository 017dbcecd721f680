namespace Strata.Tests.Engine.Tests.Conformance;

/// <param name="Problem">What differs from the corpus; null for a case that holds.</param>
internal sealed record CaseOutcome(string Id, string Category, string Name, bool IsOptional, string? Problem);
