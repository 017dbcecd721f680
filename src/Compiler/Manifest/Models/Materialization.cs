namespace Strata.Compiler.Manifest.Models;

/// <summary>How a model becomes a relation (<c>materialized:</c>).</summary>
public enum Materialization
{
    View,
    Table,
    Incremental,
    Ephemeral,

    /// <summary>A table that follows the change events of another: see <see cref="CdcConfig"/>.</summary>
    Cdc,

    /// <summary>The history of a relation's rows; files of snapshots/ only: see <see cref="SnapshotConfig"/>.</summary>
    Snapshot,
}
