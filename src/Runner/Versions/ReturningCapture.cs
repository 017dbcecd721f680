using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.Versions;

/// <summary>
/// Writes down the rows that a statement changes while it changes them, on engines that can read what a statement
/// returns: no row is looked for twice. The count that the engine reports stays the number of changed rows.
/// </summary>
internal static class ReturningCapture
{
    public static string Create(
        SqlDialect dialect,
        RelationName kept,
        RelationName target,
        ImmutableArray<ColumnSchema> columns
    ) =>
        $"create table {dialect.Quote(kept)} as select {Names(dialect, columns)}, "
        + $"cast('' as {dialect.TypeName(SqlType.Text)}) as {KeptTables.ChangeColumn} "
        + $"from {dialect.Quote(target)} where false";

    public static IEnumerable<PublishStep> Wrap(
        SqlDialect dialect,
        PublishStep step,
        RelationName kept,
        RelationName target,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var isAliased =
            step.Effect == RowEffect.Updated
            || step.Sql.StartsWith(
                $"delete from {dialect.Quote(target)} as {RowAlias.Target}",
                StringComparison.Ordinal
            );
        var prefix = isAliased ? $"{RowAlias.Target}." : "";
        var change = step.Effect switch
        {
            RowEffect.Inserted => "insert",
            RowEffect.Updated => "update",
            RowEffect.Deleted => "delete",
            _ => null,
        };
        if (change is null)
        {
            yield return step;
            yield break;
        }
        if (step.Updating is { } updating)
        {
            yield return new PublishStep(
                $"insert into {dialect.Quote(kept)}\n"
                    + $"select {Names(dialect, columns, $"{RowAlias.Target}.")}, '{KeptTables.Before}' {updating}"
            );
        }
        yield return step with
        {
            Sql = $"""
                with changed as (
                {step.Sql}
                returning {Names(dialect, columns, prefix)}
                )
                insert into {dialect.Quote(kept)} select {Names(dialect, columns)}, '{change}' from changed
                """,
        };
    }

    private static string Names(
        SqlDialect dialect,
        ImmutableArray<ColumnSchema> columns,
        string prefix = ""
    ) => Ddl.Columns(dialect, columns.Select(column => column.Name), prefix);
}
