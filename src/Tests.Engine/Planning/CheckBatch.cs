namespace Strata.Tests.Engine.Planning;

/// <summary>The rows that a run adds to a node or replaces in it.</summary>
/// <param name="Rows">The rows themselves.</param>
/// <param name="WholeBecause">Why no check may look at them alone; null where checks of single rows may.</param>
public sealed record CheckBatch(CheckRelation Rows, string? WholeBecause = null);
