namespace Strata.Runner.Materializations;

/// <summary>How a staged table differs from the published one, in rows.</summary>
/// <param name="Before">Rows of the published table.</param>
public sealed record TableDifferences(long Before, long Inserted, long Updated, long Deleted)
{
    /// <summary>See <see cref="TableComparison.Before"/>; null for a table without rows, and where the engine has none.</summary>
    public string? Digest { get; init; }

    public long All => Inserted + Updated + Deleted;

    /// <summary>Compared by key: whether each row that stays has met one staged row, and no two of them the same.</summary>
    public bool ArePairs(long staged) => Before - Deleted == staged - Inserted;
}
