using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Files.Landing;

/// <summary>The table that the rows of a source's new files were read into, before anything is made of them.</summary>
/// <param name="Columns">The columns of the files, in order, declared ones first; then the folders.</param>
/// <param name="Partitions">Those of <paramref name="Columns"/> that come from folders.</param>
internal sealed record LandedRows(
    RelationName Table,
    ImmutableArray<string> Columns,
    ImmutableArray<string> Partitions
)
{
    public bool IsPartition(string column) => Partitions.Contains(column, StringComparer.OrdinalIgnoreCase);

    public string? Find(string column) =>
        Columns.FirstOrDefault(known => known.Equals(column, StringComparison.OrdinalIgnoreCase));
}
