using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Quarantine;

/// <summary>What the publishing of a node does to its quarantine.</summary>
/// <param name="Table">The node's quarantine table.</param>
/// <param name="Columns">The columns of the node's rows in it, as they are by now; empty when it does not exist yet.</param>
public sealed record StagedQuarantine(RelationName Table, ImmutableArray<ColumnSchema> Columns)
{
    public bool Exists => !Columns.IsEmpty;

    public required long BatchId { get; init; }

    public required SplitOccasion Occasion { get; init; }

    /// <summary>The columns of rows as they are judged; of a cdc model these are not the columns of its table.</summary>
    public required ImmutableArray<ColumnSchema> Shape { get; init; }

    /// <summary>
    /// Which of the quarantined rows were read again, as a condition: those that did not fail again are no longer rejected.
    /// Null for a batch that only adds.
    /// </summary>
    public string? Rereads { get; init; }

    /// <summary>What <see cref="Rereads"/> is when the node is built from nothing.</summary>
    public const string All = "true";

    /// <summary>
    /// The same of a batch that replaces files, or takes away the rows of those that are gone: what was quarantined of them goes as their rows do, and
    /// who was corrected or dropped is known again.
    /// </summary>
    public StagedQuarantine Rereading(SqlDialect dialect, ImmutableArray<string> files)
    {
        var column = IncrementalBatch.FileColumnOf(Columns);
        if (column is null || files.IsEmpty)
            return this;
        var paths = string.Join(", ", files.Select(dialect.QuoteString));
        return this with { Rereads = $"{dialect.QuoteIdentifier(column.Name)} in ({paths})" };
    }

    /// <summary>Rows of this batch that were diverted, with their status; null when all passed.</summary>
    public RelationName? Diverted { get; init; }

    /// <summary>Of a replay: the rows it was about, as they stand afterwards.</summary>
    public RelationName? Replayed { get; init; }

    /// <summary>Whether corrected rows of the replay stay that are none of those that came.</summary>
    public bool KeepsUnused { get; init; }

    /// <summary>The columns that are others in every run: a known row takes them as it comes now.</summary>
    public ImmutableArray<string> OfTheRun { get; init; } = [];

    /// <summary>Rows that came in and are not published.</summary>
    public long Rows { get; init; }

    /// <summary>Of <see cref="Rows"/> those that somebody has dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>Rows that are published as somebody has corrected them.</summary>
    public long Reentered { get; init; }

    /// <summary>Rows whose corrected event time lies in no period of this stage.</summary>
    public long MovedOut { get; init; }

    /// <summary>Whether a later row of the same key wins, so that who was beaten must be noted.</summary>
    public bool KeysCompete { get; init; }

    /// <summary>The column that says which of two rows of a key is later, if one does.</summary>
    public string? Sequence { get; init; }
}
