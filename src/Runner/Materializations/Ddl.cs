using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>Statements that are the same everywhere but for quoting.</summary>
public static class Ddl
{
    public static string CreateSchema(SqlDialect dialect, string schema) =>
        $"create schema if not exists {dialect.QuoteIdentifier(schema)}";

    public static string DropSchema(SqlDialect dialect, string schema) =>
        $"drop schema if exists {dialect.QuoteIdentifier(schema)} cascade";

    public static string DropTable(SqlDialect dialect, RelationName table) =>
        DropIfThere(dialect, table, RelationKind.Table);

    public static string DropIfThere(SqlDialect dialect, RelationName relation, RelationKind kind) =>
        $"drop {(kind == RelationKind.View ? "view" : "table")} if exists {dialect.Quote(relation)}";

    public static string Drop(SqlDialect dialect, RelationInfo relation) =>
        relation.Kind == RelationKind.View
            ? $"drop view {dialect.Quote(relation.Name)}"
            : $"drop table {dialect.Quote(relation.Name)}";

    public static string Columns(SqlDialect dialect, IEnumerable<string> columns, string prefix = "") =>
        string.Join(", ", columns.Select(column => prefix + dialect.QuoteIdentifier(column)));
}
