using System.Collections.Immutable;

namespace Strata.Compiler.Manifest.Models;

/// <summary>How a <c>cdc</c> model applies change events, whatever order and batches they arrive in.</summary>
public sealed record CdcConfig
{
    /// <summary>The columns that order the events of one key; the first of them bounds the versions of a history.</summary>
    public ImmutableArray<string> SequenceBy { get; init; } = [];

    /// <summary>SQL over an event's columns: true for an event that deletes its key.</summary>
    public string? ApplyAsDeletes { get; init; }

    /// <summary>A null in an event leaves the column as it was.</summary>
    public bool IgnoreNullUpdates { get; init; }

    /// <summary>1 keeps the latest state of each key, 2 every version of it.</summary>
    public int ScdType { get; init; } = 1;

    /// <summary>Of type 2: the only columns whose change begins a version.</summary>
    public ImmutableArray<string> TrackHistoryColumns { get; init; } = [];

    /// <summary>Of type 2: columns whose change does not begin a version.</summary>
    public ImmutableArray<string> TrackHistoryExceptColumns { get; init; } = [];

    /// <summary>Columns of the query that order or qualify events and are no columns of the table.</summary>
    public ImmutableArray<string> ExceptColumns { get; init; } = [];

    /// <summary>Of type 1: how long a deleted key is remembered for events that arrive late; null is for ever.</summary>
    public TimeSpan? TombstoneRetention { get; init; }
}
