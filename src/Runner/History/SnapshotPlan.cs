using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.History;

/// <summary>A snapshot whose query's columns are known.</summary>
/// <param name="Columns">What the query gives.</param>
/// <param name="Compared">Of strategy check: the columns whose change begins a version.</param>
/// <param name="UpdatedAt">The column that says when a row was changed, if there is one.</param>
/// <param name="StartType">The type of <c>valid_from</c> and <c>valid_to</c>.</param>
/// <param name="Now">The start of the run.</param>
public sealed record SnapshotPlan(
    SqlDialect Dialect,
    ModelConfig Config,
    ImmutableArray<ColumnSchema> Columns,
    ImmutableArray<string> Key,
    ImmutableArray<string> Compared,
    string? UpdatedAt,
    string StartType,
    DateTimeOffset Now
)
{
    public HistoryColumns Names => Config.History;

    public SnapshotConfig Snapshot => Config.Snapshot;

    public ImmutableArray<string> Identity => [.. Key, Names.ValidFrom];

    /// <summary>A row's own column of that name serves as well.</summary>
    public bool AddsUpdatedAt => !Columns.Has(Names.UpdatedAt);

    public bool MarksDeletes => Snapshot.HardDeletes == HardDeletes.NewRecord;

    /// <summary>Versions begin at instants, so that "now" and "just after" can be said of them.</summary>
    public bool StartsAtInstants => Moment is not null;

    /// <summary>The least time between two instants of the type at which versions begin, as an interval; null for a type without instants.</summary>
    public string? Moment { get; } = MomentOf(StartType);

    private static string? MomentOf(string type)
    {
        if (!type.StartsWith("timestamp", StringComparison.OrdinalIgnoreCase))
            return null;
        if (type.Equals("timestamp_s", StringComparison.OrdinalIgnoreCase))
            return "1 second";
        if (type.Equals("timestamp_ms", StringComparison.OrdinalIgnoreCase))
            return "1 millisecond";
        // timestamp(3) without time zone
        var place = type.IndexOf('(', StringComparison.Ordinal);
        return place < 0 || type[place + 1] == '6' ? "1 microsecond"
            : type[place + 1] == '0' ? "1 second"
            : $"0.{new string('0', type[place + 1] - '1')}1 seconds";
    }

    /// <summary>The columns that the history adds, in order.</summary>
    public IEnumerable<string> Added =>
        [
            Names.ScdId,
            .. AddsUpdatedAt ? [Names.UpdatedAt] : ImmutableArray<string>.Empty,
            Names.ValidFrom,
            Names.ValidTo,
            Names.IsCurrent,
            .. MarksDeletes ? [Names.IsDeleted] : ImmutableArray<string>.Empty,
        ];

    public string Name(string column) => Dialect.QuoteIdentifier(column);
}
