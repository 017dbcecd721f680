namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// One row that is not as expected: missing (no actual row), unexpected (no expected one), or the two rows that
/// belong together and differ in some cells.
/// </summary>
public sealed record RowDifference(object?[]? Expected, object?[]? Actual)
{
    public bool IsMissing => Actual is null;

    public bool IsUnexpected => Expected is null;

    public bool IsChanged => !IsMissing && !IsUnexpected;
}
