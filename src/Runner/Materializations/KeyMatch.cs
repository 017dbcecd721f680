using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// Conditions that find a batch's rows in a target by key, nulls included: a null in a key equals a null.
/// Engines that cannot hash or index <c>is not distinct from</c> get plain equality, and the few rows with a null
/// in their key are matched by a condition of their own.
/// </summary>
public sealed record KeyMatch(
    SqlDialect Dialect,
    ImmutableArray<string> Key,
    bool NullSafeIsFast,
    long NullKeyRows,
    ImmutableArray<string> Predicates
)
{
    /// <summary>Conditions that do not overlap and together match every pair; a statement is run once for each.</summary>
    public ImmutableArray<string> Conditions =>
        NullSafeIsFast ? [And(NullSafe)]
        : NullKeyRows == 0 ? [And(Equal)]
        : [And(Equal), And($"({AnyNull}) and {NullSafe}")];

    /// <summary>True for a row of the batch that has no row in the target.</summary>
    public string NotIn(string target) => Absent(target, RowAlias.Target);

    /// <summary>
    /// True for a row of the batch, which is the table that is named, that has no row in the target. An anti join with a long target reads all of it;
    /// a join of both is pruned to the batch's range of keys, and what it finds is a short table.
    /// </summary>
    public string NotIn(string target, string batch)
    {
        if (!JoinsPruneTarget)
            return NotIn(target);
        const string address = "__strata_address";
        var row = Dialect.RowAddress;
        var met = Conditions.Select(condition =>
            $"select {RowAlias.Batch}.{row} as {address} from {target} as {RowAlias.Target} join {batch} as {RowAlias.Batch} on {condition}"
        );
        return $"not exists (select 1 from ({string.Join(" union all ", met)}) as met where met.{address} = {RowAlias.Batch}.{row})";
    }

    /// <summary>See <see cref="Adapters.AdapterCapabilities.JoinsPruneTarget"/>.</summary>
    public bool JoinsPruneTarget { get; init; }

    /// <summary>
    /// Where the batch's keys lie; null if unknown. It follows from the equality of keys, but only written out it lets an engine
    /// read a part of the target by its index instead of all of it, however long the history is.
    /// </summary>
    public KeyRange? Range { get; init; }

    /// <summary>True for a row of the target that has no row in the batch.</summary>
    public string NotInBatch(string batch) => Absent(batch, RowAlias.Batch);

    /// <summary>
    /// The pairs of a row of the target and a row of the batch, counted; null where predicates keep rows apart that
    /// have the same key.
    /// </summary>
    public string? CountMet(string target, string batch) =>
        Predicates.IsEmpty
            ? "select "
                + string.Join(
                    " + ",
                    Conditions.Select(condition =>
                        $"(select count(*) from {target} as {RowAlias.Target} join {batch} as {RowAlias.Batch} on {condition})"
                    )
                )
            : null;

    private string Absent(string relation, string alias) =>
        string.Join(
            " and ",
            Conditions.Select(condition =>
                $"not exists (select 1 from {relation} as {alias} where {condition})"
            )
        );

    private string Equal =>
        string.Join(
            " and ",
            Key.Select(column => $"{Target(column)} = {Batch(column)}")
                .Concat(
                    Range is { } range
                        ? [$"{Target(range.Column)} between {range.Least} and {range.Greatest}"]
                        : []
                )
        );

    private string NullSafe =>
        string.Join(" and ", Key.Select(column => Dialect.NullSafeEquals(Target(column), Batch(column))));

    private string AnyNull => string.Join(" or ", Key.Select(column => $"{Batch(column)} is null"));

    private string And(string condition) =>
        string.Concat([
            condition,
            // a comment at its end would go on to the end of the line
            .. Predicates.Select(predicate => $" and ({MatchPredicate.Bind(Dialect, predicate)}\n)"),
        ]);

    private string Target(string column) => $"{RowAlias.Target}.{Dialect.QuoteIdentifier(column)}";

    private string Batch(string column) => $"{RowAlias.Batch}.{Dialect.QuoteIdentifier(column)}";
}
