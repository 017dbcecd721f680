using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Adapters;

public sealed record RelationInfo(RelationName Name, RelationKind Kind, ImmutableArray<ColumnSchema> Columns);

public enum RelationKind
{
    Table,
    View,

    /// <summary>Something we do not make: a materialized view, a foreign table.</summary>
    Other,
}
