using System.Collections.Immutable;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.State;

namespace Strata.Runner.Files.Landing;

/// <summary>What became of the files of one source.</summary>
/// <param name="Records">Files that were read, as the state will know them; unreadable ones without a hash.</param>
/// <param name="Unreadable">Files of which nothing is taken in, and why.</param>
internal sealed record FileIntakeResult(
    ImmutableArray<ConsumedFile> Records,
    ImmutableArray<(LandedFile File, string Reason)> Unreadable,
    ImmutableArray<FileDrift> Drift
)
{
    /// <summary>How many rows were read, whatever became of them.</summary>
    public long Rows { get; init; }

    /// <summary>The same of each file that was read to its end, by path; null where the rows are in a table that tells.</summary>
    public IReadOnlyDictionary<string, long>? RowsByFile { get; init; }

    /// <summary>What became null of rows that were taken in; null where nothing did, or nobody asked.</summary>
    public LostValues? Lost { get; init; }
}

/// <summary>Files whose columns are not the declared ones.</summary>
/// <param name="Path">The first of them.</param>
/// <param name="Files">How many there are.</param>
internal sealed record FileDrift(DriftKind Kind, string Column, string Path, int Files)
{
    /// <summary>How many rows the files have, where that is known.</summary>
    public long Rows { get; init; }

    /// <summary>Of a missing column: what the first file has that is not declared, one of which may be its new name.</summary>
    public ImmutableArray<string> Others { get; init; } = [];
}

internal enum DriftKind
{
    Missing,
    Undeclared,

    /// <summary>A key within a column of JSON, of which only the text of the row tells.</summary>
    UndeclaredWithin,
}
