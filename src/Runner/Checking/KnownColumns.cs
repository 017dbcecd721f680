using System.Collections.Immutable;
using Strata.Runner.Adapters;

namespace Strata.Runner.Checking;

/// <summary>The columns that are known of a relation, in its order.</summary>
/// <param name="IsComplete">Whether it has no others.</param>
public sealed record KnownColumns(ImmutableArray<ColumnSchema> Columns, bool IsComplete);
