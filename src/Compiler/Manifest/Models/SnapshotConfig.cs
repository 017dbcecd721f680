using System.Collections.Immutable;

namespace Strata.Compiler.Manifest.Models;

/// <summary>How a snapshot finds the rows that have changed since it was last taken.</summary>
public sealed record SnapshotConfig
{
    /// <summary>Null only where the configuration is not complete, which is an error.</summary>
    public SnapshotStrategy? Strategy { get; init; }

    /// <summary>The column that says when a row was last changed.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>The columns that are compared; empty means all of them.</summary>
    public ImmutableArray<string> CheckColumns { get; init; } = [];

    public HardDeletes HardDeletes { get; init; } = HardDeletes.Ignore;

    /// <summary>SQL for the end of a current version; null leaves it null.</summary>
    public string? ValidToCurrent { get; init; }
}
