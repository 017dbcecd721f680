using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A column as its YAML declares it.</summary>
/// <param name="DataType">The declared engine type, or null when it is left to the query.</param>
/// <param name="Volatile">Carried but never compared: an <c>updated_at</c>, say.</param>
public sealed record ColumnInfo(
    string Name,
    string? DataType,
    string Description,
    ImmutableArray<string> Tags,
    bool Volatile
)
{
    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    /// <summary>Where its name is written; null of a column that was read from a manifest.</summary>
    public SourceSpan? Declaration { get; init; }
}
