using System.Globalization;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>
/// Which writer publishes a whole table, and why: the one that writes least. Decided from what is there and from
/// counted differences (see docs/adr/0002-in-place-publish.md).
/// </summary>
/// <param name="Words">The writer as the plan and the results name it.</param>
/// <param name="Reason">The fact that decided.</param>
public sealed record WriterChoice(TableWriter Writer, string Words, string Reason)
{
    /// <summary>
    /// From this share of changed rows on, deleting all rows and inserting the stage is cheaper than looking rows up
    /// to change them: measured on Postgres, see docs/adr/0002-in-place-publish.md.
    /// </summary>
    private const double RewriteShare = 0.5;

    /// <summary>What can be said before anything is staged.</summary>
    public static WriterChoice Plan(bool identityMatters, RelationInfo? existing) =>
        existing is not { Kind: RelationKind.Table } ? NewTable
        : identityMatters
            ? new(TableWriter.ByRow, "in place", "readers hold on to the table; rows that differ are changed")
        : SwapTable;

    /// <param name="identityMatters">Others hold on to the published table.</param>
    /// <param name="differences">Null where stage and table could not be compared: their columns differ, or others lock the table.</param>
    public static WriterChoice Choose(
        bool identityMatters,
        StagedRelation staged,
        TableDifferences? differences
    )
    {
        if (staged.Existing is not { Kind: RelationKind.Table } existing)
            return NewTable;
        if (!identityMatters)
            return SwapTable;
        if (!HasColumnsOf(staged, existing))
            return new(TableWriter.ByRow, "in place, by row", "the columns have changed");
        if (differences is null)
            return IsKeyed(staged, existing)
                ? new(TableWriter.ByKey, "in place, by key", "others lock the table: not compared beforehand")
                : new(
                    TableWriter.ByRow,
                    "in place, by row",
                    "others lock the table: not compared beforehand"
                );
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{differences.All} {(differences.All == 1 ? "change" : "changes")} to {differences.Before} {(differences.Before == 1 ? "row" : "rows")}"
        );
        if (differences.All == 0)
            return new(TableWriter.AsItIs, "as it is", "no row differs");
        if (differences.Deleted + differences.Updated >= RewriteShare * differences.Before)
            return new(TableWriter.Rewrite, "in place, rewritten", facts);
        return IsKeyed(staged, existing)
            ? new(TableWriter.ByKey, "in place, by key", facts)
            : new(TableWriter.ByRow, "in place, by row", facts);
    }

    /// <summary>Whether rows can be told apart by key: it is known to be unique on both sides, and never null in the stage.</summary>
    public static bool IsKeyed(StagedRelation staged, RelationInfo existing) =>
        staged is { Key.IsEmpty: false, IsKeyUnique: true, NullKeyRows: 0 }
        && staged.PublishedKey.Holds(staged.Key)
        && HasColumnsOf(staged, existing);

    /// <summary>Whether the published table has the stage's columns, whatever their order.</summary>
    public static bool HasColumnsOf(StagedRelation staged, RelationInfo existing) =>
        staged.Columns.Length == existing.Columns.Length
        && staged.Columns.All(column =>
            existing.Columns.Any(old => old.Name == column.Name && old.Type == column.Type)
        );

    private static WriterChoice NewTable { get; } =
        new(TableWriter.Swap, "new table", "nothing is there: the stage is moved into place");

    private static WriterChoice SwapTable { get; } =
        new(TableWriter.Swap, "swap", "nobody holds on to the table: the stage is moved into place");
}
