using System.Collections.Immutable;

namespace Strata.Runner.Results;

/// <summary>
/// What became of the events that a cdc model has read, each number counted by itself. An event is no row: one may change
/// several versions of a history, and many may come to one row.
/// </summary>
public sealed record EventCounts
{
    /// <summary>Rows that the model's query gave.</summary>
    public required long Read { get; init; }

    /// <summary>Events that their upstream has deleted.</summary>
    public long TakenBack { get; init; }

    /// <summary>Further copies of an event in the same batch.</summary>
    public long Repeated { get; init; }

    /// <summary>Events that came later than deletes are remembered.</summary>
    public long LateDropped { get; init; }

    /// <summary>Events that the state knew already, or that lost against a later one of their key.</summary>
    public long Superseded { get; init; }

    /// <summary>Events that the table is made of from now on.</summary>
    public required long Applied { get; init; }

    /// <summary>Of those applied: the last of their key, and a delete. Null where a delete may end a version in the middle.</summary>
    public long? LastDeletes { get; init; }

    /// <summary>The rows that the events must come to in the stage; null where that does not follow from their number.</summary>
    public long? ExpectedRows { get; init; }

    /// <summary>As a merge calls the rows that lost against another of their key.</summary>
    public long MergedAway => Repeated + Superseded;

    /// <summary>What does not add up, a line each.</summary>
    public ImmutableArray<string> Imbalances(long staged)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var accounted = Applied + MergedAway + LateDropped + TakenBack;
        if (accounted != Read)
            lines.Add(
                FormattableString.Invariant(
                    $"{Read} events in, but {Applied} applied + {MergedAway} merged away + {LateDropped} late-dropped + {TakenBack} taken back are {accounted}"
                )
            );
        if (ExpectedRows is { } expected && expected != staged)
            lines.Add(
                FormattableString.Invariant($"events come to {expected} rows, but {staged} are staged")
            );
        return lines.ToImmutable();
    }

    /// <summary>The row counts of a model that has read these events.</summary>
    /// <param name="deleted">Rows that left the table; null where they are not known, because it was built anew.</param>
    public RowCounts Fill(RowCounts rows, long? deleted)
    {
        // a key may stand more than once in a table that others write to
        var withoutEffect =
            LastDeletes is { } deletes && deleted is { } gone ? Math.Max(0, deletes - gone) : (long?)null;
        return rows with
        {
            In = Read + (rows.Quarantined ?? 0),
            Applied = Applied - (withoutEffect ?? 0),
            WithoutEffect = withoutEffect,
            MergedAway = MergedAway,
            LateDropped = LateDropped,
            TakenBack = TakenBack,
        };
    }
}
