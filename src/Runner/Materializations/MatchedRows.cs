using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// The pairs of target rows and batch rows that a merge matches by key, found once and used by all statements of the publish: which
/// rows change, and which are new. Rows are matched by their keys alone and fetched by their addresses: reading a key column of a
/// long history and a few of its rows is a tenth of reading all columns. Of a row that changes, only what the batch does not
/// replace is stored. Addresses hold within one transaction; the table is temporary.
/// </summary>
/// <param name="Table">A row for each pair of a target row and a batch row of the same key, by address.</param>
public sealed record MatchedRows(RelationName Table)
{
    private const string TargetAddress = "__strata_target";
    private const string BatchAddress = "__strata_batch";
    private const string Differs = "__strata_differs";
    private const string StaysPrefix = "__strata_stays_";

    /// <summary>The batch with the place of its table; unchanged if nothing of it is replaced by address.</summary>
    /// <param name="replaces">See <see cref="AdapterCapabilities.ReplacesFasterThanUpdates"/>.</param>
    public static IncrementalBatch Enter(SqlDialect dialect, IncrementalBatch batch, bool replaces) =>
        replaces
        && batch is { Strategy: IncrementalStrategy.Merge, Merged: null }
        && Overlay.Differ(dialect, batch) is not null
            ? batch with
            {
                Met = new MatchedRows(
                    dialect.Temporary($"{batch.Staged.Physical.Schema}_{batch.Staged.Physical.Name}__met")
                ),
            }
            : batch;

    /// <summary>The statement that fills the table, before anything of the target is changed.</summary>
    public string Create(SqlDialect dialect, IncrementalBatch batch)
    {
        var target = dialect.Quote(batch.Staged.Published);
        var stage = dialect.Quote(batch.Staged.Physical);
        var pairs = batch.Match.Conditions.Select(condition =>
            $"select {RowAlias.Target}.{dialect.RowAddress} as {TargetAddress}, {RowAlias.Batch}.{dialect.RowAddress} as {BatchAddress} "
            + $"from {target} as {RowAlias.Target} join {stage} as {RowAlias.Batch} on {condition}"
        );
        var stays = Staying(batch)
            .Select(place =>
                $", {Overlay.Before(dialect, batch, batch.Columns.After[place])} as {Stays(place)}"
            );
        return $"""
            {StageScripts.CreateTemporary(dialect, Table)} as
            with pairs as materialized (
            {string.Join("\nunion all\n", pairs)}
            )
            select pairs.{TargetAddress}, pairs.{BatchAddress}, {Overlay.Differ(
                dialect,
                batch
            )} as {Differs}{string.Concat(stays)}
            from pairs
            join {target} as {RowAlias.Target} on {RowAlias.Target}.{dialect.RowAddress} = pairs.{TargetAddress}
            join {stage} as {RowAlias.Batch} on {RowAlias.Batch}.{dialect.RowAddress} = pairs.{BatchAddress}
            """;
    }

    /// <summary>The statement that drops the table again.</summary>
    public string Drop(SqlDialect dialect) => $"drop table {dialect.Quote(Table)}";

    /// <summary>Deletes the rows that change from the target, by address.</summary>
    public string DeleteChanged(SqlDialect dialect, string target) =>
        $"delete from {target} as {RowAlias.Target} using {dialect.Quote(Table)} as met "
        + $"where met.{Differs} and {RowAlias.Target}.{dialect.RowAddress} = met.{TargetAddress}";

    /// <summary>True for a row of the batch that has met none.</summary>
    public string IsNew(SqlDialect dialect) =>
        $"not exists (select 1 from {dialect.Quote(Table)} as met where met.{BatchAddress} = {RowAlias.Batch}.{dialect.RowAddress})";

    /// <summary>The rows that change, <c>target</c> as they are and <c>batch</c> as they come: what follows <c>select</c> and its columns.</summary>
    public string FromChanging(SqlDialect dialect, IncrementalBatch batch) =>
        $"from {dialect.Quote(Table)} as met "
        + $"join {dialect.Quote(batch.Staged.Published)} as {RowAlias.Target} on {RowAlias.Target}.{dialect.RowAddress} = met.{TargetAddress} "
        + $"join {dialect.Quote(batch.Staged.Physical)} as {RowAlias.Batch} on {RowAlias.Batch}.{dialect.RowAddress} = met.{BatchAddress} "
        + $"where met.{Differs}";

    /// <summary>The rows that change, as they will be: a query that no longer needs the rows which they replace.</summary>
    public string SelectChanged(SqlDialect dialect, IncrementalBatch batch) =>
        $"select {Columns(dialect, batch, (before, _) => before)}\n"
        + $"from {dialect.Quote(Table)} as met "
        + $"join {dialect.Quote(batch.Staged.Physical)} as {RowAlias.Batch} on {RowAlias.Batch}.{dialect.RowAddress} = met.{BatchAddress}\n"
        + $"where met.{Differs}";

    /// <summary>The same together with the rows that are new.</summary>
    public string SelectWritten(SqlDialect dialect, IncrementalBatch batch) =>
        $"select {Columns(
            dialect,
            batch,
            (before, now) => $"case when met.{TargetAddress} is null then {now} else {before} end"
        )}\n"
        + $"from {dialect.Quote(batch.Staged.Physical)} as {RowAlias.Batch} "
        + $"left join {dialect.Quote(Table)} as met on met.{BatchAddress} = {RowAlias.Batch}.{dialect.RowAddress}\n"
        + $"where met.{TargetAddress} is null or met.{Differs}";

    /// <param name="stays">A column that the batch does not replace, of its old and its new value.</param>
    private static string Columns(
        SqlDialect dialect,
        IncrementalBatch batch,
        Func<string, string, string> stays
    )
    {
        var staying = Staying(batch);
        return string.Join(
            ", ",
            batch.Columns.After.Select(
                (column, place) =>
                {
                    var now = Overlay.Incoming(dialect, batch, column);
                    var value = staying.Contains(place) ? stays($"met.{Stays(place)}", now) : now;
                    return $"{value} as {dialect.QuoteIdentifier(column.Name)}";
                }
            )
        );
    }

    /// <summary>The places of the columns that a row keeps when the batch changes it.</summary>
    private static ImmutableArray<int> Staying(IncrementalBatch batch)
    {
        var updated = IncrementalWriter.Updated(batch).Select(column => column.Name).ToHashSet();
        return
        [
            .. Enumerable
                .Range(0, batch.Columns.After.Length)
                .Where(place => !updated.Contains(batch.Columns.After[place].Name)),
        ];
    }

    private static string Stays(int place) => $"{StaysPrefix}{place}";
}
