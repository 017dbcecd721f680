using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// Publishes a whole table by renaming the stage into its place: nothing is written twice. For engines where
/// nobody holds on to a table's identity, and wherever there is no table yet.
/// </summary>
public static class SwapWriter
{
    /// <param name="withIndex">Rows that are looked up by key later get an index on it.</param>
    public static PublishScript Write(SqlDialect dialect, StagedRelation staged, bool withIndex) =>
        new([
            .. Tend(dialect, staged),
            .. withIndex ? KeyIndex(dialect, staged) : [],
            new PublishStep(
                $"alter table {dialect.Quote(staged.Physical)} "
                    + $"rename to {dialect.QuoteIdentifier(staged.Published.Name)}"
            ),
        ])
        {
            Rule = RowRule.Replace,
            DropBefore = staged.Existing is { } existing ? [Ddl.Drop(dialect, existing)] : [],
        };

    private static ImmutableArray<PublishStep> Tend(SqlDialect dialect, StagedRelation staged) =>
        StageScripts.Tend(dialect, staged.Physical) is { } tend ? [new PublishStep(tend)] : [];

    private static ImmutableArray<PublishStep> KeyIndex(SqlDialect dialect, StagedRelation staged)
    {
        if (!staged.IsLookedUp || staged.Key.IsEmpty)
            return [];
        var name = Identifiers.Fit(staged.Published.Name + "_strata_key", dialect.MaxIdentifierBytes);
        return
        [
            new PublishStep(
                $"create index {dialect.QuoteIdentifier(name)} on {dialect.Quote(staged.Physical)} "
                    + $"({Ddl.Columns(dialect, staged.Key)})"
            ),
        ];
    }
}
