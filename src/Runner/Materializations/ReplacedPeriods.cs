using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Materializations;

/// <summary>The rows of a target that a batch takes the place of.</summary>
/// <param name="Column">The column of event times.</param>
/// <param name="Type">Its type in the target.</param>
/// <param name="Periods">Whose rows are replaced.</param>
/// <param name="Kept">Where the model starts over: the periods that are (or will be) its own; other rows go. Empty otherwise.</param>
public sealed record ReplacedPeriods(
    string Column,
    string? Type,
    ImmutableArray<BatchPeriod> Periods,
    ImmutableArray<BatchPeriod> Kept
)
{
    /// <summary>Other periods whose rows are not looked at: what is built anew in their place is judged by itself.</summary>
    public ImmutableArray<BatchPeriod> Disregarded { get; init; } = [];

    /// <summary>True for the rows that the batch replaces.</summary>
    public string Replaced(SqlDialect dialect) =>
        BatchWindow.Contains(dialect, dialect.QuoteIdentifier(Column), Type, Periods);

    /// <summary>True for rows that belong to no period of the model; null when such rows stay.</summary>
    public string? Foreign(SqlDialect dialect) =>
        Kept.IsEmpty ? null : BatchWindow.Excludes(dialect, dialect.QuoteIdentifier(Column), Type, Kept);

    /// <summary>True for the rows of the target that stay, whatever is in the batch, and are looked at.</summary>
    public string Stays(SqlDialect dialect, string alias)
    {
        var column = $"{alias}.{dialect.QuoteIdentifier(Column)}";
        var others = BatchWindow.Excludes(dialect, column, Type, [.. Periods, .. Disregarded]);
        return Kept.IsEmpty
            ? others
            : $"{others} and coalesce({BatchWindow.Contains(dialect, column, Type, Kept)}, false)";
    }
}
