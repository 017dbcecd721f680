using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Planning;

/// <summary>
/// Writes the statements. Each member comes back as five values: the failure count, whether <c>warn_if</c> and
/// <c>error_if</c> hold for it (the engine compares, as dbt lets it), the checked rows, and the observed value.
/// </summary>
/// <param name="countsRows">Whether checked rows are counted along the way, also where they decide nothing.</param>
internal sealed class CheckQueryWriter(CheckDialect dialect, bool countsRows)
{
    private const int ValuesPerMember = 5;

    /// <summary>All members in one scan; they share relation and <c>where</c>.</summary>
    public CheckQuery OneScan(ImmutableArray<PlannedCheck> members)
    {
        var inner = new StringBuilder("  select\n");
        for (var i = 0; i < members.Length; i++)
        {
            var (failures, rows, observed) = Aggregates(members[i]);
            inner.Append(CultureInfo.InvariantCulture, $"    {failures} as f{i},\n");
            inner.Append(CultureInfo.InvariantCulture, $"    {rows} as n{i}");
            if (observed is not null)
                inner.Append(CultureInfo.InvariantCulture, $",\n    {observed} as o{i}");
            inner.Append(i + 1 < members.Length ? ",\n" : "\n");
        }
        inner.Append(CultureInfo.InvariantCulture, $"  from {members[0].From}{members[0].WhereClause(null)}");
        var corrected = members.Select((m, i) => Corrected(m, $"f{i}")).ToList();
        var corrections = corrected.Select((c, i) => c is null ? "" : $", {c} as c{i}");
        var measured = corrected.TrueForAll(c => c is null)
            ? inner.ToString()
            : $"  select *{string.Concat(corrections)} from (\n{inner}\n  ) as scanned";
        var values = members.Select(
            (m, i) =>
                "  " + Values(m, corrected[i] is null ? $"f{i}" : $"c{i}", i, m.Measure is AggregateMeasure)
        );
        var sql = $"select\n{string.Join(",\n", values)}\nfrom (\n{measured}\n) as measured";
        return Query(sql, CheckQueryShape.OneScan, members);
    }

    /// <summary>A scan for each member in one statement.</summary>
    public CheckQuery PrunedScans(ImmutableArray<PlannedCheck> members)
    {
        var scans = members.Select(
            (m, i) =>
            {
                var row = (RowMeasure)m.Measure;
                var count = row.CountedBy is { } value ? $"count(distinct {value})" : "count(*)";
                return $"select {i}, {Values(m, $"f{i}", i, false)} from (select {Capped(count, m)} as f{i}, {RowsOf(m)} as n{i}"
                    + $" from {m.From}{m.WhereClause(row.Fails)}) as measured";
            }
        );
        return new CheckQuery(
            string.Join("\nunion all\n", scans),
            CheckQueryShape.PrunedScans,
            members,
            rows =>
            {
                var byMember = rows.ToDictionary(row =>
                    Convert.ToInt32(row[0], CultureInfo.InvariantCulture)
                );
                return [.. members.Select((m, i) => Verdict(m, byMember[i], 1))];
            },
            m => PrunedScans([m])
        );
    }

    /// <summary>The members' one failing-rows query, read once; they share fail_calc and limit, and where there is one either all judge by a share of rows or none.</summary>
    public CheckQuery OwnQuery(ImmutableArray<PlannedCheck> members)
    {
        var first = members[0];
        // as in Capped
        var limit = first is { NeedsChecked: false, Test.Config.Limit: { } rows }
            ? string.Create(CultureInfo.InvariantCulture, $"\n  limit {rows}")
            : "";
        var counted =
            members.Any(m => m.NeedsChecked) && first.CountChecked is { } count ? $"({count})" : NullCount;
        var sql =
            $"select\n{string.Join(",\n", members.Select(m => "  " + Values(m, "f0", 0, false)))}\n"
            + $"from (\n  select {first.Test.Config.FailCalc} as f0, {counted} as n0 from (\n"
            + (
                limit.Length == 0
                    ? first.FailingRows
                    : $"  select * from (\n{first.FailingRows}\n  ) as rows_of_test{limit}"
            )
            + "\n  ) as failures\n) as measured";
        return Query(sql, CheckQueryShape.OwnQuery, members);
    }

    public CheckQuery Computed(PlannedCheck member)
    {
        var measure = (ComputedMeasure)member.Measure;
        return new CheckQuery(
            measure.Query,
            CheckQueryShape.Computed,
            [member],
            rows =>
            {
                var outcome = measure.Judge(rows);
                var failures = outcome.Passes ? 0 : 1;
                return
                [
                    member.Judge(
                        member.WarnIf.Holds(failures, 1),
                        member.ErrorIf.Holds(failures, 1),
                        failures,
                        null,
                        outcome.Observed ?? (outcome.Note is null ? "nothing" : null)
                    ) with
                    {
                        Note = outcome.Note,
                        MaskedNote = outcome.MaskedNote ?? outcome.Note,
                        IsRemark = outcome.IsRemark,
                        NewBaseline = outcome.NewBaseline,
                    },
                ];
            },
            Computed
        );
    }

    public CheckQuery Alone(PlannedCheck member) =>
        member.Measure switch
        {
            ComputedMeasure => Computed(member),
            RowMeasure or AggregateMeasure when member.CountsRows => OneScan([member]),
            _ => OwnQuery([member]),
        };

    private string NullCount => $"cast(null as {dialect.Sql.TypeName(SqlType.BigInt)})";

    private (string Failures, string Rows, string? Observed) Aggregates(PlannedCheck member) =>
        member.Measure switch
        {
            RowMeasure row => (
                row.CountedBy is { } value && !dialect.DefersSubqueries
                    ? $"count(distinct {value}) filter (where {row.Fails})"
                    : row.Count ?? dialect.CountWhere(row.Fails),
                countsRows || member.NeedsChecked || member.CountsChecked || row.Considered is null
                    ? CountOf(row)
                    : NullCount,
                null
            ),
            AggregateMeasure aggregate => (
                $"case when {aggregate.Passes} then 0 else 1 end",
                NullCount,
                dialect.AsText(aggregate.Observed)
            ),
            _ => throw new InvalidOperationException(
                $"{member.Measure.GetType().Name} has a query of its own"
            ),
        };

    // a share of rows would be wrong if the failures stopped at the limit
    private static string Capped(string count, PlannedCheck member) =>
        member is { NeedsChecked: false, Test.Config.Limit: { } limit }
            ? string.Create(CultureInfo.InvariantCulture, $"least({count}, {limit})")
            : count;

    // the number of all rows stands in the engine's statistics; any other would be a scan of its own
    private string RowsOf(PlannedCheck member) =>
        member is { IsStored: true, Where: null, Measure.Considered: null }
            ? $"(select count(*) from {member.From})"
            : NullCount;

    // what the shared scan counts is not yet what the test counts: different values are looked for only where there are
    // failing rows at all, which leaves the scan free to run in parallel
    private string? Corrected(PlannedCheck member, string failures)
    {
        var count =
            member.Measure is RowMeasure { CountedBy: { } value } row && dialect.DefersSubqueries
                ? $"case when {failures} = 0 then 0 else (select count(distinct {value}) from {member.From}{member.WhereClause(row.Fails)}) end"
                : failures;
        var capped = Capped(count, member);
        return capped == failures ? null : capped;
    }

    private string CountOf(Measure measure) =>
        measure.ConsideredColumn is { } column ? $"count({column})"
        : measure.Considered is { } condition ? dialect.CountWhere(condition)
        : "count(*)";

    private string Values(PlannedCheck member, string failures, int index, bool isObserved)
    {
        var rows = $"n{index}";
        var observed = isObserved ? $"o{index}" : dialect.AsText("null");
        return $"{failures}, {member.WarnIf.ToSql(failures, rows)}, {member.ErrorIf.ToSql(failures, rows)}, {rows}, {observed}";
    }

    private CheckQuery Query(string sql, CheckQueryShape shape, ImmutableArray<PlannedCheck> members) =>
        new(
            sql,
            shape,
            members,
            rows => [.. members.Select((m, i) => Verdict(m, rows[0], i * ValuesPerMember))],
            Alone
        );

    private static CheckVerdict Verdict(PlannedCheck member, object?[] row, int at)
    {
        var aggregate = member.Measure as AggregateMeasure;
        var isAggregate = aggregate is not null;
        var verdict = member.Judge(
            row[at + 1] is true,
            row[at + 2] is true,
            ToCount(row[at]) ?? 0,
            // values are no share of rows
            isAggregate || member is { Measure: RowMeasure { CountedBy: not null }, NeedsChecked: false }
                ? null
                : ToCount(row[at + 3]),
            Convert.ToString(row[at + 4], CultureInfo.InvariantCulture) is { Length: > 0 } text ? text
                : isAggregate ? "null"
                : null
        );
        if (member.Measure is QueryMeasure query)
            return verdict with
            {
                Note = query.Note,
                MaskedNote = query.Note,
                IsRemark = query.IsRemark,
                NewBaseline = query.NewBaseline,
            };
        return aggregate is null
            ? verdict
            : verdict with
            {
                Observed = aggregate.Note is null ? verdict.Observed : Plain(verdict.Observed),
                Note = aggregate.Note,
                MaskedNote = aggregate.Note,
                IsRemark = aggregate.IsRemark,
                NewBaseline = aggregate.NewBaseline,
            };
    }

    // engines write the same floating point number in different ways
    private static string? Plain(string? observed) =>
        double.TryParse(observed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : observed;

    // fail_calc may be any aggregate: a fraction of a failure is a failure
    private static long? ToCount(object? value) =>
        value switch
        {
            null => null,
            double number => (long)Math.Ceiling(number),
            decimal number => (long)Math.Ceiling(number),
            System.Numerics.BigInteger number => (long)number,
            _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        };
}
