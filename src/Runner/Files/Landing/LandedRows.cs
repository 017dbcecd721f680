using System.Collections.Immutable;

namespace Strata.Runner.Files.Landing;

/// <summary>The rows of a source's new files, before anything is made of them.</summary>
/// <param name="From">What stands in FROM for them.</param>
/// <param name="Columns">The columns of the files, in order, declared ones first; then the folders.</param>
/// <param name="Partitions">Those of <paramref name="Columns"/> that come from folders.</param>
internal sealed record LandedRows(
    string From,
    ImmutableArray<string> Columns,
    ImmutableArray<string> Partitions
)
{
    public bool IsPartition(string column) => Partitions.Contains(column, StringComparer.OrdinalIgnoreCase);

    public string? Find(string column) =>
        Columns.FirstOrDefault(known => known.Equals(column, StringComparison.OrdinalIgnoreCase));
}
