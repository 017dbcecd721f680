namespace Strata.Compiler.Manifest.Models;

public enum SnapshotStrategy
{
    /// <summary>A row has changed if its <c>updated_at</c> is later than the version that is current.</summary>
    Timestamp,

    /// <summary>A row has changed if one of its checked columns has.</summary>
    Check,
}
