using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.Conformance;

/// <summary>The table that mapped columns go into.</summary>
internal static class MappedTable
{
    /// <param name="columns">As the receiving session mapped them; none may have a problem.</param>
    public static string CreateStatement(
        SqlDialect dialect,
        RelationName table,
        ImmutableArray<ColumnMapping> columns,
        bool unlogged = false
    )
    {
        var definitions = columns.Select(column =>
            $"{dialect.QuoteIdentifier(column.Column.Name)} {column.Type}"
        );
        var create = unlogged ? "create unlogged table" : "create table";
        return $"{create} {dialect.Quote(table)} ({string.Join(", ", definitions)})";
    }
}
