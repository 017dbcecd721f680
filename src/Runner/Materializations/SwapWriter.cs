using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// Publishes a whole table by renaming the stage into its place: nothing is written twice. For engines where
/// nobody holds on to a table's identity.
/// </summary>
public static class SwapWriter
{
    public static PublishScript Write(SqlDialect dialect, StagedRelation staged) =>
        new(
            "swap",
            [
                new PublishStep(
                    $"alter table {dialect.Quote(staged.Physical)} "
                        + $"rename to {dialect.QuoteIdentifier(staged.Published.Name)}"
                ),
            ]
        )
        {
            Rule = RowRule.Replace,
            DropFirst = staged.Existing is { } existing ? [Ddl.Drop(dialect, existing)] : [],
        };
}
