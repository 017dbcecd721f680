namespace Strata.Tests.Engine.Reconciling;

/// <summary>A query for each side. Both give the same columns; values are text, counts are whole numbers.</summary>
public sealed record ReconcileStep(string Here, string There);
