namespace Strata.Runner.History;

/// <summary>Columns that only stages and the state of cdc models have.</summary>
internal static class HiddenColumns
{
    private const string Prefix = "__strata_";

    public static bool IsHidden(string column) => column.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Identifies an event: a hash of all its content.</summary>
    public const string Hash = "__strata_hash";

    /// <summary>How often an event stands in its batch.</summary>
    public const string Copies = "__strata_copies";

    public const string Deleted = "__strata_deleted";

    /// <summary>The run that took the event in began then.</summary>
    public const string SeenAt = "__strata_seen_at";

    /// <summary>Of the one row of a state that stands for forgotten deletes: the greatest sequence among them.</summary>
    public const string Horizon = "__strata_horizon";

    /// <summary>The row was in the state before this batch; of a column of this name in stages.</summary>
    public const string Old = "__strata_old";

    /// <summary>1 if an equal event was in the state before this batch.</summary>
    public const string Known = "__strata_known";

    /// <summary>The number of an event among all of its key, first to last.</summary>
    public const string Place = "__strata_place";

    /// <summary>1 if the row goes into the state.</summary>
    public const string Kept = "__strata_kept";

    /// <summary>1 for the last event of a key.</summary>
    public const string Last = "__strata_last";

    /// <summary>The value of the column with this number, nulls filled from earlier events.</summary>
    public static string Filled(int column) => $"__strata_filled_{column}";
}
