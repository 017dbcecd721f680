using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;

namespace Strata.Runner.Proving.Examples;

/// <summary>
/// What of a model's relation is compared. Of a history that cannot be had again by reading everything once, that is what is
/// current.
/// </summary>
/// <param name="Ignored">Columns that are not compared, with the reason.</param>
/// <param name="Only">The only columns that are; empty for all others.</param>
/// <param name="Where">SQL that chooses rows; null for all.</param>
internal sealed record ComparedRows(
    ImmutableArray<IgnoredColumn> Ignored,
    ImmutableArray<string> Only,
    string? Where
)
{
    /// <summary>Whether the relation would not be built anew by a full refresh.</summary>
    public bool IsKept { get; init; }

    /// <summary>By which columns a row must be in the full build to be compared at all; empty compares every row.</summary>
    public ImmutableArray<string> KnownBy { get; init; } = [];

    public bool Has(string column) =>
        Ignored.All(ignored => !Same(ignored.Name, column))
        && (Only.IsEmpty || Only.Contains(column, StringComparer.OrdinalIgnoreCase));

    public static ComparedRows Of(ModelNode model, SqlDialect dialect)
    {
        var ignored = model
            .Columns.Where(column => column.Volatile)
            .Select(column => new IgnoredColumn(column.Name, "volatile"))
            .ToImmutableArray();
        if (ReadsChanges(model))
            ignored = ignored.Add(new IgnoredColumn(FeedTables.BatchColumn, "tells when a row came"));
        var (config, names) = (model.Config, model.Config.History);
        if (config.Materialized == Materialization.Snapshot)
        {
            var snapshot = config.Snapshot;
            var added = new List<string> { names.ScdId, names.ValidFrom, names.ValidTo, names.IsCurrent };
            if (snapshot.HardDeletes == HardDeletes.NewRecord)
                added.Add(names.IsDeleted);
            if (!Same(snapshot.UpdatedAt ?? "", names.UpdatedAt))
                added.Add(names.UpdatedAt);
            return new ComparedRows(
                [.. ignored, .. added.Select(name => new IgnoredColumn(name, "tells of the history"))],
                snapshot.CheckColumns.IsEmpty ? [] : [.. config.UniqueKey, .. snapshot.CheckColumns],
                $"{dialect.QuoteIdentifier(names.IsCurrent)}"
                    + (
                        snapshot.HardDeletes == HardDeletes.NewRecord
                            ? $" and not {dialect.QuoteIdentifier(names.IsDeleted)}"
                            : ""
                    )
            )
            {
                IsKept = true,
                // what is no longer there stays current, as was asked for
                KnownBy = snapshot.HardDeletes == HardDeletes.Ignore ? config.UniqueKey : [],
            };
        }
        // what an upstream was before is no longer there to read
        if (
            config is { Materialized: Materialization.Cdc, Cdc: { ScdType: 2, ApplyAsDeletes: { } deletes } }
            && FeedTables.NamesChange(deletes)
        )
            return new ComparedRows(
                [
                    .. ignored,
                    .. new[] { names.ValidFrom, names.ValidTo }.Select(name => new IgnoredColumn(
                        name,
                        "tells of the history"
                    )),
                ],
                [],
                dialect.QuoteIdentifier(names.IsCurrent)
            );
        return new ComparedRows(ignored, [], null);
    }

    private static bool ReadsChanges(ModelNode model) =>
        (model.Incremental ?? model.Full).Reads.Any(one => one.Kind == ReferenceKind.Changes);

    private static bool Same(string left, string right) =>
        left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
