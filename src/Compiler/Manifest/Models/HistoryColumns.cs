namespace Strata.Compiler.Manifest.Models;

/// <summary>The names of the columns that a history adds to its rows.</summary>
public sealed record HistoryColumns
{
    public string ValidFrom { get; init; } = "valid_from";

    /// <summary>Null, or what the configuration says, in the version that is current.</summary>
    public string ValidTo { get; init; } = "valid_to";

    public string IsCurrent { get; init; } = "is_current";

    /// <summary>Of snapshots: identifies a version.</summary>
    public string ScdId { get; init; } = "scd_id";

    /// <summary>Of snapshots: when the row was changed; left out where the query has a column of that name.</summary>
    public string UpdatedAt { get; init; } = "updated_at";

    /// <summary>Of snapshots with <see cref="HardDeletes.NewRecord"/>.</summary>
    public string IsDeleted { get; init; } = "is_deleted";
}
