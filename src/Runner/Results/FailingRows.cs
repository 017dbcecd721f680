using System.Collections.Immutable;

namespace Strata.Runner.Results;

/// <summary>
/// Some of the rows that a test found, as text fit to leave the process: the columns that say which rows these
/// are and what was checked come first, personal values are masked.
/// </summary>
/// <param name="Leading">How many columns are keys or were checked.</param>
/// <param name="Rows">Null for SQL null.</param>
public sealed record FailingRows(
    ImmutableArray<string> Columns,
    int Leading,
    ImmutableArray<ImmutableArray<string?>> Rows
)
{
    /// <summary>The columns whose values are masked.</summary>
    public ImmutableArray<string> Masked { get; init; } = [];
}
