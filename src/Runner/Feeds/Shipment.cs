using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.History;
using Strata.Runner.Materializations;

namespace Strata.Runner.Feeds;

/// <summary>
/// Which rows a transfer ships, and how they enter the replica. Where a batch replaces all rows of a key or a
/// partition, what is shipped is the present state of every key or partition that changed: applying that
/// is right however many batches lie between.
/// </summary>
/// <param name="Rows">The query on the producer's connection.</param>
/// <param name="Strategy">How the rows enter the replica; null replaces it.</param>
public sealed record Shipment(string Rows, IncrementalStrategy? Strategy)
{
    /// <summary>The rows carry <c>_change</c>, and some of them only say that a row is gone.</summary>
    public bool CarriesDeletes { get; init; }

    /// <summary>A query on the producer's connection: where it gives a row, the changes cannot stand for the whole.</summary>
    public string? Unless { get; init; }

    private const string Place = "__strata_place";

    /// <summary>The words of plan and summary for a shipment of everything.</summary>
    public const string WholeWriter = "full copy";

    /// <summary>And for one of changes.</summary>
    public const string ChangesWriter = "change feed";

    /// <summary>Everything.</summary>
    /// <param name="relation">The producer, quoted, or a query in parentheses with an alias.</param>
    public static Shipment Whole(string relation) => new($"select * from {relation}", null);

    /// <summary>
    /// What has changed behind one batch, up to and with another; null where changes cannot stand for the whole.
    /// </summary>
    public static Shipment? OfChanges(
        SqlDialect dialect,
        ModelNode producer,
        ImmutableArray<string> columns,
        long after,
        long upTo
    )
    {
        var config = producer.Config;
        var table = dialect.Quote(producer.Relation);
        var feed = dialect.Quote(FeedTables.Of(producer.Relation, dialect));
        var all = Ddl.Columns(dialect, columns);
        var window = string.Create(
            CultureInfo.InvariantCulture,
            $"{FeedTables.BatchColumn} > {after} and {FeedTables.BatchColumn} <= {upTo} and {FeedTables.IsRow}"
        );
        if (RowIdentity.IsFollowed(config))
        {
            return Resolve(RowIdentity.ColumnsOf(config), columns) is { } identity
                ? new Shipment(
                    Latest(identity, $"{all}, {FeedTables.ChangeColumn}"),
                    IncrementalStrategy.Merge
                )
                {
                    CarriesDeletes = true,
                }
                : null;
        }
        switch (config.Strategy)
        {
            case IncrementalStrategy.Append:
                // rows of landed files may be deleted, and without a key nothing says which of the replica those are
                return new Shipment($"select {all} from {feed} where {window}", IncrementalStrategy.Append)
                {
                    Unless =
                        $"select 1 from {feed} where {window} and {FeedTables.ChangeColumn} = 'delete' limit 1",
                };
            // a merge that may leave rows alone does not make one row of a key
            case IncrementalStrategy.Merge
                when config.IncrementalPredicates.IsEmpty && Resolve(config.UniqueKey, columns) is { } key:
                return new Shipment(Latest(key, all), IncrementalStrategy.Merge);
            case IncrementalStrategy.DeleteInsert when Resolve(config.UniqueKey, columns) is { } key:
                return new Shipment(Present(key), IncrementalStrategy.DeleteInsert);
            case IncrementalStrategy.InsertOverwrite
                when Resolve(config.PartitionBy, columns) is { } partition:
                return new Shipment(Present(partition), IncrementalStrategy.InsertOverwrite);
            default:
                return null;
        }

        string Latest(ImmutableArray<string> by, string selected) =>
            $"""
                select {selected} from (
                  select {selected}, row_number() over (
                    partition by {Ddl.Columns(dialect, by)} order by {FeedTables.BatchColumn} desc
                  ) as {Place} from {feed} where {window}
                ) as latest where {Place} = 1
                """;

        string Present(ImmutableArray<string> by)
        {
            var match = by.Select(column => dialect.QuoteIdentifier(column))
                .Select(name => dialect.NullSafeEquals($"changed.{name}", $"{RowAlias.Target}.{name}"));
            return $"""
                select {Ddl.Columns(dialect, columns, $"{RowAlias.Target}.")} from {table} as {RowAlias.Target} where exists (
                  select 1 from (select distinct {Ddl.Columns(
                    dialect,
                    by
                )} from {feed} where {window}) as changed
                  where {string.Join(" and ", match)}
                )
                """;
        }
    }

    /// <summary>The columns of these names, as they are written in the relation; null unless all are plain columns.</summary>
    public static ImmutableArray<string>? Resolve(
        ImmutableArray<string> names,
        ImmutableArray<string> columns
    )
    {
        var found = names.Select(name => ColumnNames.Find(columns, name)).OfType<string>().ToImmutableArray();
        return found.IsEmpty || found.Length != names.Length ? null : found;
    }
}
