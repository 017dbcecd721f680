namespace Strata.Runner.Results;

/// <summary>
/// The row ledger of one node in one run; null where a number is not known for the kind of node. In the end
/// every row that came in is inserted, updated, unchanged, merged away or quarantined.
/// </summary>
public sealed record RowCounts
{
    /// <summary>Rows that the node's query gave.</summary>
    public long? In { get; init; }

    /// <summary>Rows of the relation after publishing.</summary>
    public long? Out { get; init; }

    public long? Inserted { get; init; }

    public long? Updated { get; init; }

    public long? Unchanged { get; init; }

    public long? Deleted { get; init; }

    public long? MergedAway { get; init; }

    public long? Quarantined { get; init; }

    /// <summary>Of the rows that came in: those that stand as they were corrected in the quarantine.</summary>
    public long? Replayed { get; init; }
}
