using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Transfers;

/// <summary>The table that rows of another engine go into.</summary>
public static class TransferTable
{
    /// <param name="columns">As the receiving session mapped them; none may have a problem.</param>
    /// <param name="unlogged">For stages, where <see cref="AdapterCapabilities.UnloggedTables"/> says so.</param>
    public static string CreateStatement(
        SqlDialect dialect,
        RelationName table,
        ImmutableArray<ColumnMapping> columns,
        bool unlogged
    )
    {
        var definitions = columns.Select(column =>
            $"{dialect.QuoteIdentifier(column.Column.Name)} {column.Type}"
        );
        var create = unlogged ? "create unlogged table" : "create table";
        return $"{create} {dialect.Quote(table)} ({string.Join(", ", definitions)})";
    }
}
