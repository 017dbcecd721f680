using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.History;

namespace Strata.Runner.Proving.Inputs;

/// <summary>Finds out about the rows of a pool what it takes to replace and to delete them, and to divide them by time.</summary>
internal sealed class PooledRowReader(ISession session, SqlDialect dialect, ModelNode model)
{
    // the rows of a landed file are replaced together
    private const string SourceFileColumn = "_source_file";

    /// <param name="pool">The rows with their numbers.</param>
    public async Task<PooledRows> ReadAsync(
        RelationNode input,
        RelationName pool,
        InputGrowth growth,
        CancellationToken cancellationToken
    )
    {
        var columns = await session.DescribeQueryAsync(
            $"select * exclude ({RowPool.NumberColumn}) from {dialect.Quote(pool)}",
            cancellationToken
        );
        var key = Resolve(columns, KeyOf(input, growth));
        var sequence = Resolve(columns, SequenceOf(input).Distinct(), some: true)
            .RemoveAll(name => key.Contains(name));
        var time =
            model.Config.Microbatch is not null && input.EventTime() is { } declared
                ? Resolve(columns, [declared])
                : [];
        const string n = RowPool.NumberColumn;
        var (group, other) = ("0", "cast(null as bigint)");
        if (!key.IsEmpty)
        {
            group = $"dense_rank() over (order by {List(key)})";
            // rows that lie far apart differ in more than those beside each other
            other = sequence.IsEmpty
                ? $"({n} + greatest(1, count(*) over () // 3)) % count(*) over ()"
                : $"case when lead(row({List(sequence)})) over (order by {List(sequence)}, {n}) > row({List(sequence)}) "
                    + $"then lead({n}) over (order by {List(sequence)}, {n}) end";
        }
        var at = time.IsEmpty ? "cast(null as bigint)" : $"epoch_us(cast({List(time)} as timestamptz))";
        var found = await session.QueryAsync(
            $"select {group}, {other}, {at} from {dialect.Quote(pool)} order by {n}",
            int.MaxValue,
            cancellationToken
        );
        var groups = found.Rows.Select(row => (int)(Number(row[0]) ?? 0)).ToImmutableArray();
        return new PooledRows(
            columns,
            groups.Length,
            key,
            // rows that are replaced together may hold one of another's name, but not two of one
            growth == InputGrowth.Replace
                ? [.. key, .. Resolve(columns, model.Config.UniqueKey, some: true)]
                : [.. key],
            groups,
            [
                .. found.Rows.Select(
                    (row, i) => Number(row[1]) is { } to && groups[(int)to] != groups[i] ? (int?)to : null
                ),
            ],
            time.IsEmpty
                ? []
                :
                [
                    .. found.Rows.Select(row =>
                        Number(row[2]) is { } us
                            ? DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond)
                            : (DateTimeOffset?)null
                    ),
                ]
        );
    }

    private IEnumerable<string> KeyOf(RelationNode input, InputGrowth growth)
    {
        if (growth == InputGrowth.Relation)
            return model.Config.Materialized != Materialization.Snapshot ? []
                : input is ModelNode { Config: { UniqueKey.IsEmpty: false } own } ? RowIdentity.ColumnsOf(own)
                : model.Config.UniqueKey;
        if (input is not ModelNode { Config: var config })
            return [];
        return config switch
        {
            { Microbatch: { } microbatch } => [microbatch.EventTime],
            { IncrementalStrategy: IncrementalStrategy.InsertOverwrite } => config.PartitionBy,
            { UniqueKey.IsEmpty: true } when growth == InputGrowth.Replace => [SourceFileColumn],
            _ => RowIdentity.ColumnsOf(config),
        };
    }

    /// <summary>What says which of two rows is newer: nobody overwrites a row with an older one.</summary>
    private IEnumerable<string> SequenceOf(RelationNode input) =>
        new[] { model.Config, (input as ModelNode)?.Config }
            .OfType<ModelConfig>()
            .SelectMany(config =>
                config.Cdc.SequenceBy.Concat(
                    new[] { config.SequenceBy, config.Snapshot.UpdatedAt }.OfType<string>()
                )
            );

    /// <summary>The columns of some names; none if one is missing, unless some of them are enough.</summary>
    private static ImmutableArray<string> Resolve(
        ImmutableArray<ColumnSchema> columns,
        IEnumerable<string> names,
        bool some = false
    )
    {
        var found = names.Select(name => columns.Find(name)?.Name).ToList();
        return some || !found.Contains(null) ? [.. found.OfType<string>()] : [];
    }

    private string List(IEnumerable<string> names) =>
        string.Join(", ", names.Select(dialect.QuoteIdentifier));

    private static long? Number(object? value) => value is null ? null : RowSet.Long(value);
}
