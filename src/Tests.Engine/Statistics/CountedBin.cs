namespace Strata.Tests.Engine.Statistics;

/// <summary>A bin or a value of a distribution, counted in the baseline and now.</summary>
/// <param name="Label">As people read it: <c>12 to 35.5</c>, <c>'shipped'</c>, <c>null</c>.</param>
/// <param name="IsNull">Whether it stands for rows without a value.</param>
internal sealed record CountedBin(string Label, long Before, long Now, bool IsNull = false);
