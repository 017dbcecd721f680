using System.Collections.Immutable;

namespace Strata.Tests.Engine.Catalog;

/// <summary>A chapter of the catalogue.</summary>
public sealed record ExpectationFamily(string Title, ImmutableArray<Expectation> Members);
