using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>
/// Which quarantined rows of a microbatch model belong to some of its periods: the event time of a row may have been
/// corrected, so where it stood and where it stands now can differ.
/// </summary>
/// <param name="Column">The column of event times.</param>
/// <param name="Type">Its type.</param>
/// <param name="Periods">Those that are read again.</param>
public sealed record PeriodRows(
    SqlDialect Dialect,
    string Column,
    string Type,
    ImmutableArray<BatchPeriod> Periods
)
{
    /// <summary>True for rows that lie in the periods with the values that they have now.</summary>
    public string Stand =>
        $"coalesce({BatchWindow.Contains(Dialect, Dialect.QuoteIdentifier(Column), Type, Periods)}, false)";

    /// <summary>True for rows that lay in the periods when they were rejected.</summary>
    public string Stood => $"coalesce({BatchWindow.Contains(Dialect, Original, Type, Periods)}, false)";

    /// <summary>
    /// A query over the quarantine: where periods begin from which rows were corrected into others, and where those do; in UTC as
    /// text, null where a row has no time.
    /// </summary>
    /// <param name="table">Quoted.</param>
    public string Moves(BatchSize size, string table)
    {
        var from = ArrivalQuery.Start(Dialect, size, Original);
        var to = ArrivalQuery.Start(Dialect, size, Dialect.QuoteIdentifier(Column));
        return $"select distinct {from} as moved_from, {to} as moved_to from {table} "
            + $"where {QuarantineTable.Status} = '{RowStatus.Replayed}' and {from} is distinct from {to}";
    }

    /// <summary>True for rows that a batch decides anew: those of its periods, and those of no period that is kept.</summary>
    public string Reread(ReplacedPeriods replaced) =>
        replaced.Kept.IsEmpty
            ? Stood
            : $"({Stood} or {BatchWindow.Excludes(Dialect, Original, Type, replaced.Kept)})";

    private string Original =>
        $"cast(cast({QuarantineTable.Original} as {Dialect.JsonType}) ->> {Dialect.QuoteString(Column)} as {Type})";
}
