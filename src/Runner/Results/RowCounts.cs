namespace Strata.Runner.Results;

/// <summary>
/// The row ledger of one node in one run; null where a number is not known for the kind of node. In the end
/// every row that came in is inserted, updated, unchanged, merged away or quarantined. What comes into a cdc model are
/// events: each is applied, without effect, merged away, late-dropped, taken back or quarantined.
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

    /// <summary>Of the quarantined rows: those that somebody has dropped, which nobody has to look at.</summary>
    public long? Dropped { get; init; }

    /// <summary>Of a cdc model: the events that its table is made of from now on.</summary>
    public long? Applied { get; init; }

    /// <summary>Of a cdc model: deletes of keys that were not in its table; null where these are among the applied.</summary>
    public long? WithoutEffect { get; init; }

    /// <summary>Of a cdc model: events that came later than deletes are remembered.</summary>
    public long? LateDropped { get; init; }

    /// <summary>Of a cdc model: events that their upstream has deleted.</summary>
    public long? TakenBack { get; init; }

    /// <summary>Of the rows that came in: those that stand as they were corrected in the quarantine.</summary>
    public long? Replayed { get; init; }
}
