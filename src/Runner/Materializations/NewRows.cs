using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// The rows of a merge's batch that meet none of the target, found before anything changes: a row that was updated may no longer be what
/// <c>incremental_predicates</c> ask for, and its batch row would be inserted, too. The table is temporary.
/// </summary>
internal sealed record NewRows(RelationName Table)
{
    private const string Address = "__strata_batch";

    /// <summary>Where they must be written down; null where the key alone says which rows meet, and stays as it is.</summary>
    public static NewRows? Of(SqlDialect dialect, IncrementalBatch batch) =>
        batch.Match.Predicates.IsEmpty
            ? null
            : new NewRows(
                dialect.Temporary(
                    Identifiers.Fit(
                        $"{batch.Staged.Physical.Schema}_{batch.Staged.Physical.Name}__new",
                        dialect.MaxIdentifierBytes
                    )
                )
            );

    public string Create(SqlDialect dialect, IncrementalBatch batch) =>
        $"""
            create temporary table {dialect.Quote(Table)} as
            select {RowAlias.Batch}.{dialect.RowAddress} as {Address} from {dialect.Quote(
                batch.Staged.Physical
            )} as {RowAlias.Batch}
            where {batch.Match.NotIn(dialect.Quote(batch.Staged.Published))}
            """;

    /// <summary>True for a row of the batch that is one of them.</summary>
    public string Holds(SqlDialect dialect) =>
        $"exists (select 1 from {dialect.Quote(Table)} as fresh where fresh.{Address} = {RowAlias.Batch}.{dialect.RowAddress})";

    public string Drop(SqlDialect dialect) => $"drop table {dialect.Quote(Table)}";
}
