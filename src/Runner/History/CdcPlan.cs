using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.History;

/// <summary>A cdc model whose query's columns are known: what each of them is for.</summary>
/// <param name="Content">The columns that make an event, those included that only order it.</param>
/// <param name="Output">The columns of the table.</param>
/// <param name="Key">As the query spells them.</param>
/// <param name="Sequence">As the query spells them.</param>
/// <param name="Tracked">The columns whose change begins a version.</param>
public sealed record CdcPlan(
    SqlDialect Dialect,
    ModelConfig Config,
    ImmutableArray<ColumnSchema> Content,
    ImmutableArray<ColumnSchema> Output,
    ImmutableArray<string> Key,
    ImmutableArray<string> Sequence,
    ImmutableArray<string> Tracked
)
{
    public bool KeepsHistory => Config.Cdc.ScdType == 2;

    /// <summary>
    /// The state of a key is its last event, and only that event's place: what it holds is in the table. Otherwise
    /// the state keeps the events that a late one could bring back.
    /// </summary>
    public bool KeepsPlacesOnly => !KeepsHistory && !Config.Cdc.IgnoreNullUpdates;

    /// <summary>The event columns that the state keeps.</summary>
    public ImmutableArray<ColumnSchema> Stored =>
        KeepsPlacesOnly ? [.. Content.Where(c => IsKey(c) || Sequence.Contains(c.Name))] : Content;

    public ImmutableArray<string> Identity => KeepsHistory ? [.. Key, Config.History.ValidFrom] : Key;

    public bool IsKey(ColumnSchema column) => Key.Contains(column.Name);

    public string Name(string column) => Dialect.QuoteIdentifier(column);

    public string Columns(IEnumerable<ColumnSchema> columns, string prefix = "") =>
        Ddl.Columns(Dialect, columns.Select(column => column.Name), prefix);

    public string KeyList => Ddl.Columns(Dialect, Key);

    /// <summary>
    /// The events are the changes of an upstream, its deletes included. Within a batch of a change feed the delete of
    /// a key comes before its insert: the batch has replaced the row.
    /// </summary>
    public bool FollowsFeed => FeedTables.NamesChange(Config.Cdc.ApplyAsDeletes);

    /// <summary>First to last. Events of one sequence are told apart by what they hold, deletes behind the others.</summary>
    public string Order =>
        string.Join(", ", Sequence.Select(column => $"{Name(column)} asc nulls first"))
        + $", {HiddenColumns.Deleted}{(FollowsFeed ? " desc" : "")}, {HiddenColumns.Hash}";

    public string OrderDescending =>
        string.Join(", ", Sequence.Select(column => $"{Name(column)} desc nulls last"))
        + $", {HiddenColumns.Deleted}{(FollowsFeed ? "" : " desc")}, {HiddenColumns.Hash} desc";
}
