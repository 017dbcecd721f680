using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Binding;

/// <summary>The statements that make empty tables. Pure.</summary>
internal static class TableSql
{
    public static string CreateSchema(SqlDialect dialect, string schema) =>
        $"create schema {dialect.QuoteIdentifier(schema)}";

    public static string Create(SqlDialect dialect, RelationName table, IEnumerable<ColumnSchema> columns) =>
        $"create table {dialect.Quote(table)} ("
        + $"{string.Join(", ", columns.Select(column => $"{dialect.QuoteIdentifier(column.Name)} {column.Type}"))})";
}
