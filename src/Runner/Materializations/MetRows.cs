using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>
/// Where a merge meets its target, found once and used by all that the publish asks: which rows change and what they were, which
/// rows are new. Addresses are found by the keys alone, and rows are fetched by their addresses: reading a key column of
/// a long history and a few rows of it is a tenth of reading all of its columns. Addresses hold within one
/// transaction; both tables are temporary.
/// </summary>
/// <param name="Pairs">A row for each pair of a target row and a batch row of the same key, by address.</param>
/// <param name="Changed">The rows that change, as they will be, with their address and as they were.</param>
public sealed record MetRows(RelationName Pairs, RelationName Changed)
{
    private const string TargetAddress = "__strata_target";
    private const string BatchAddress = "__strata_batch";
    private const string BeforePrefix = "__strata_before_";

    /// <summary>The batch with the places of its tables; unchanged if nothing of it is replaced by address.</summary>
    /// <param name="replaces">See <see cref="AdapterCapabilities.ReplacesFasterThanUpdates"/>.</param>
    public static IncrementalBatch Enter(SqlDialect dialect, IncrementalBatch batch, bool replaces) =>
        replaces && batch.Strategy == IncrementalStrategy.Merge && Overlay.Differ(dialect, batch) is not null
            ? batch with
            {
                Met = new MetRows(Beside(dialect, batch, "__met"), Beside(dialect, batch, "__changed")),
            }
            : batch;

    /// <summary>The statements that fill both tables, before anything of the target is changed.</summary>
    public ImmutableArray<string> Create(SqlDialect dialect, IncrementalBatch batch)
    {
        var target = dialect.Quote(batch.Staged.Published);
        var stage = dialect.Quote(batch.Staged.Physical);
        var pairs = batch.Match.Conditions.Select(condition =>
            $"select target.{dialect.RowAddress} as {TargetAddress}, batch.{dialect.RowAddress} as {BatchAddress} "
            + $"from {target} as target join {stage} as batch on {condition}"
        );
        var before = batch.Columns.After.Select(
            (column, i) => $"{Overlay.Before(dialect, batch, column)} as {Before(i)}"
        );
        return
        [
            $"{StageScripts.CreateTemporary(dialect, Pairs)} as\n{string.Join("\nunion all\n", pairs)}",
            $"""
                {StageScripts.CreateTemporary(dialect, Changed)} as
                select {Overlay.Changing(dialect, batch)}, {string.Join(", ", before)}, met.{TargetAddress}
                from {dialect.Quote(Pairs)} as met
                join {target} as target on target.{dialect.RowAddress} = met.{TargetAddress}
                join {stage} as batch on batch.{dialect.RowAddress} = met.{BatchAddress}
                where {Overlay.Differ(dialect, batch)}
                """,
        ];
    }

    /// <summary>The statements that drop both tables again.</summary>
    public ImmutableArray<string> Drop(SqlDialect dialect) =>
        [$"drop table {dialect.Quote(Pairs)}", $"drop table {dialect.Quote(Changed)}"];

    /// <summary>Deletes the rows that change from the target, by address.</summary>
    public string DeleteChanged(SqlDialect dialect, string target) =>
        $"delete from {target} as target using {dialect.Quote(Changed)} as changed "
        + $"where target.{dialect.RowAddress} = changed.{TargetAddress}";

    /// <summary>True for a row of the batch that has met none.</summary>
    public string IsNew(SqlDialect dialect) =>
        $"not exists (select 1 from {dialect.Quote(Pairs)} as met where met.{BatchAddress} = batch.{dialect.RowAddress})";

    /// <summary>The rows that change as they were, under their names.</summary>
    public string SelectBefore(SqlDialect dialect, IncrementalBatch batch) =>
        string.Join(
            ", ",
            batch.Columns.After.Select(
                (column, i) => $"{Before(i)} as {dialect.QuoteIdentifier(column.Name)}"
            )
        );

    private static string Before(int column) => $"{BeforePrefix}{column}";

    // not logged, and gone with the transaction or by Drop
    private static RelationName Beside(SqlDialect dialect, IncrementalBatch batch, string suffix) =>
        dialect.Temporary($"{batch.Staged.Physical.Schema}_{batch.Staged.Physical.Name}{suffix}");
}
