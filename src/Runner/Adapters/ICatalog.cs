using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Adapters;

/// <summary>What is there.</summary>
public interface ICatalog
{
    /// <summary>All tables and views of some schemas, with their columns. Schemas that do not exist have none.</summary>
    Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
        IReadOnlyCollection<string> schemas,
        CancellationToken cancellationToken
    );

    /// <summary>The names of all schemas of the database.</summary>
    Task<ImmutableArray<string>> ListSchemasAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The columns of a relation that is there, with their types as <see cref="ListRelationsAsync"/> names them: a query may tell less of
    /// them, such as a length.
    /// </summary>
    Task<ImmutableArray<ColumnSchema>> DescribeRelationAsync(
        RelationName relation,
        CancellationToken cancellationToken
    );

    /// <summary>The columns that a query would give, without running it.</summary>
    Task<ImmutableArray<ColumnSchema>> DescribeQueryAsync(string sql, CancellationToken cancellationToken);
}
