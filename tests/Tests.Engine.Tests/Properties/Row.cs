namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>A row of the random tables: two whole numbers, a floating one, a text; each may be null.</summary>
public sealed record Row(long? A, long? B, double? D, string? S);
