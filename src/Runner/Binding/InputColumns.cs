using System.Collections.Immutable;
using Strata.Runner.Adapters;

namespace Strata.Runner.Binding;

/// <summary>The columns of something that a model reads.</summary>
/// <param name="Columns">Those whose type is known.</param>
/// <param name="IsComplete">Whether there are no others.</param>
internal sealed record InputColumns(ImmutableArray<ColumnSchema> Columns, bool IsComplete)
{
    public static readonly InputColumns Unknown = new([], false);

    public ColumnSchema? Find(string name) => Columns.Find(name);
}
