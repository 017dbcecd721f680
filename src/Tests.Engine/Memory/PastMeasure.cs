namespace Strata.Tests.Engine.Memory;

/// <summary>A figure that a run observed.</summary>
public sealed record PastMeasure(DateTimeOffset At, double Value);
