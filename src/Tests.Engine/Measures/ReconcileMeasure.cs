using Strata.Tests.Engine.Reconciling;

namespace Strata.Tests.Engine.Measures;

/// <summary>Two relations are compared where each lies, in several steps: no single statement can do it.</summary>
/// <param name="Begin">Starts over; takes the number of differing keys to describe.</param>
public sealed record ReconcileMeasure(Func<int, Reconciliation> Begin) : Measure;
