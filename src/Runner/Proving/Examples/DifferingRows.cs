using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Proving.Examples;

/// <summary>
/// The queries for the rows that one of two queries gives more often than the other. Rows that differ only in the last digits of
/// floats are the same: sums depend on the order in which they are made. Such rows are found by the engine, however many they are, so that
/// none hides a row that differs. Pure.
/// </summary>
/// <param name="columns">Of both queries.</param>
internal sealed class DifferingRows(
    SqlDialect dialect,
    ImmutableArray<ColumnSchema> columns,
    string full,
    string batched
)
{
    private const string Place = "_prove_place";

    /// <summary>What the full build has and the batches did not lead to.</summary>
    public string Missing => Of(full, batched);

    /// <summary>What the batches led to and the full build does not have.</summary>
    public string Unexpected => Of(batched, full);

    private string Of(string one, string other)
    {
        var floats = columns.Where(column => Tolerance(column) is not null).ToImmutableArray();
        var more = $"({one}) except all ({other})";
        if (floats.IsEmpty)
            return $"{more} order by all";
        var rest = columns.RemoveRange(floats);
        var window = (rest.IsEmpty ? "" : $"partition by {Names(rest)} ") + $"order by {Names(floats)}";
        var same = rest.Select(column =>
                $"__strata_left.{Name(column)} is not distinct from __strata_right.{Name(column)}"
            )
            .Append($"__strata_left.{Place} = __strata_right.{Place}")
            .Concat(floats.Select(IsClose));
        return $"""
            with more as ({more}), less as (({other}) except all ({one})),
              __strata_left as (select *, row_number() over ({window}) as {Place} from more),
              __strata_right as (select *, row_number() over ({window}) as {Place} from less)
            select {Names(columns)} from __strata_left where not exists (select 1 from __strata_right where {string.Join(
                " and ",
                same
            )})
            order by all
            """;
    }

    private string IsClose(ColumnSchema column)
    {
        var (left, right) = ($"__strata_left.{Name(column)}", $"__strata_right.{Name(column)}");
        var allowed = (Tolerance(column) ?? 0).ToString("R", CultureInfo.InvariantCulture);
        return $"({left} is not distinct from {right} or isfinite({left}) and isfinite({right}) "
            + $"and abs({left} - {right}) <= {allowed} * greatest(abs({left}), abs({right})))";
    }

    private static double? Tolerance(ColumnSchema column) =>
        column.Type.ToUpperInvariant() switch
        {
            "DOUBLE" => CellComparer.FloatTolerance,
            "FLOAT" => CellComparer.SmallFloatTolerance,
            _ => null,
        };

    private string Names(IEnumerable<ColumnSchema> some) => string.Join(", ", some.Select(Name));

    private string Name(ColumnSchema column) => dialect.QuoteIdentifier(column.Name);
}
