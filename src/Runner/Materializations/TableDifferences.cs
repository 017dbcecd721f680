namespace Strata.Runner.Materializations;

/// <summary>How a staged table differs from the published one, in rows.</summary>
/// <param name="Before">Rows of the published table.</param>
public sealed record TableDifferences(long Before, long Inserted, long Updated, long Deleted)
{
    public long All => Inserted + Updated + Deleted;
}
