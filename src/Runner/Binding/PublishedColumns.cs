using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.Binding;

/// <summary>What readers see of a model whose query's columns are known: histories add columns, change events lose some.</summary>
internal static class PublishedColumns
{
    public static ImmutableArray<ColumnSchema> Of(
        SqlDialect dialect,
        ModelNode model,
        ImmutableArray<ColumnSchema> query
    ) =>
        query.IsEmpty
            ? query
            : model.Config.Materialized switch
            {
                Materialization.Snapshot => OfSnapshot(dialect, model.Config, query),
                Materialization.Cdc => OfEvents(dialect, model.Config, query),
                _ => query,
            };

    private static ImmutableArray<ColumnSchema> OfSnapshot(
        SqlDialect dialect,
        ModelConfig config,
        ImmutableArray<ColumnSchema> query
    )
    {
        var names = config.History;
        var type =
            config.Snapshot.UpdatedAt is { } updatedAt && query.Find(updatedAt)?.Type is { } own
                ? own
                : dialect.TypeName(SqlType.TimestampTz);
        var columns = query.ToBuilder();
        columns.Add(new ColumnSchema(names.ScdId, dialect.TypeName(SqlType.Text)));
        if (!query.Has(names.UpdatedAt))
            columns.Add(new ColumnSchema(names.UpdatedAt, type));
        columns.AddRange(Validity(dialect, names, type));
        if (config.Snapshot.HardDeletes == HardDeletes.NewRecord)
            columns.Add(new ColumnSchema(names.IsDeleted, dialect.TypeName(SqlType.Boolean)));
        return columns.ToImmutable();
    }

    private static ImmutableArray<ColumnSchema> OfEvents(
        SqlDialect dialect,
        ModelConfig config,
        ImmutableArray<ColumnSchema> query
    )
    {
        ImmutableArray<ColumnSchema> output =
        [
            .. query.Where(column =>
                column.Name is not (FeedTables.ChangeColumn or FeedTables.BatchColumn)
                && (!Has(config.Cdc.ExceptColumns, column) || Has(config.UniqueKey, column))
            ),
        ];
        if (config.Cdc.ScdType != 2)
            return output;
        var type = config.Cdc.SequenceBy is [var first, ..] ? query.Find(first)?.Type : null;
        return
        [
            .. output,
            .. Validity(dialect, config.History, type ?? dialect.TypeName(SqlType.TimestampTz)),
        ];
    }

    private static IEnumerable<ColumnSchema> Validity(
        SqlDialect dialect,
        HistoryColumns names,
        string type
    ) =>
        [
            new ColumnSchema(names.ValidFrom, type),
            new ColumnSchema(names.ValidTo, type),
            new ColumnSchema(names.IsCurrent, dialect.TypeName(SqlType.Boolean)),
        ];

    private static bool Has(ImmutableArray<string> names, ColumnSchema column) =>
        names.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
}
