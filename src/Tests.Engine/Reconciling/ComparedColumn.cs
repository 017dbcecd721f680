namespace Strata.Tests.Engine.Reconciling;

/// <summary>A column of each side, and how their values are compared.</summary>
/// <param name="Digits">Of a float: how many significant digits are compared.</param>
internal sealed record ComparedColumn(string Here, string There, Representation As, int Digits)
{
    public bool IsNumber => As is Representation.Whole or Representation.Exact or Representation.Float;

    public string Of(bool isHere) => isHere ? Here : There;
}
