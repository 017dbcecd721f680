namespace Strata.Tests.Engine.Statistics;

/// <summary>What measures how far a distribution is from its baseline; see <see cref="Drift"/>.</summary>
internal enum DriftStatistic
{
    StabilityIndex,
    KolmogorovSmirnov,
    ChiSquared,
}
