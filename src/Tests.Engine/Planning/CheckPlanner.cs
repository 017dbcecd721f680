using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;

namespace Strata.Tests.Engine.Planning;

/// <summary>
/// Turns tests into as few statements as the engine makes worthwhile: see docs/reference/expectations.md,
/// "How checks share scans". Pure; the same request always gives the same plan.
/// </summary>
public static class CheckPlanner
{
    // Postgres allows 1664 columns in a result, and a member has five
    private const int MostMembersPerScan = 200;

    public static CheckPlan Plan(CheckRequest request)
    {
        var builder = new CheckBuilder(request);
        var checks = new List<PlannedCheck>(request.Tests.Length);
        var rejected = ImmutableArray.CreateBuilder<RejectedCheck>();
        foreach (var test in request.Tests)
        {
            var (check, problems) = builder.Build(test);
            if (check is not null)
                checks.Add(check);
            else
                rejected.Add(new RejectedCheck(test, problems));
        }
        var queried = checks.FindAll(check => check.Measure is not ReconcileMeasure);
        return new CheckPlan(Share(queried, request), rejected.ToImmutable())
        {
            Reconciliations = [.. checks.Except(queried)],
        };
    }

    private static ImmutableArray<CheckQuery> Share(List<PlannedCheck> checks, CheckRequest request)
    {
        var writer = new CheckQueryWriter(CheckDialect.For(request.Dialect), request.FusedChecksAreCheaper);
        var queries = ImmutableArray.CreateBuilder<CheckQuery>();

        foreach (var scan in checks.Where(JoinsScan).GroupBy(c => (c.From, c.Where)))
        {
            var separate = scan.Where(c => IsCheaperAlone(c, request)).ToList();
            foreach (var members in scan.Except(separate).Chunk(MostMembersPerScan))
                queries.Add(writer.OneScan([.. members]));
            if (separate.Count > 0)
                queries.Add(writer.PrunedScans([.. separate]));
        }

        // an aggregate that sorts has a scan to itself, but is observed all the same
        foreach (
            var check in checks.Where(c => c.CountsRows && c.Measure is AggregateMeasure { JoinsScan: false })
        )
            queries.Add(writer.OneScan([check]));

        var own = checks.Where(c =>
            c.Measure is QueryMeasure || (!c.CountsRows && c.Measure is not ComputedMeasure)
        );
        foreach (
            var query in own.GroupBy(c =>
                (
                    c.FailingRows,
                    c.Test.Config.FailCalc,
                    c.Test.Config.Limit,
                    c.Test.Config.Limit is not null && c.NeedsChecked
                )
            )
        )
            queries.Add(writer.OwnQuery([.. query]));

        foreach (var computed in checks.Where(c => c.Measure is ComputedMeasure))
            queries.Add(writer.Computed(computed));
        return queries.ToImmutable();
    }

    private static bool JoinsScan(PlannedCheck check) =>
        check.CountsRows && check.Measure is RowMeasure or AggregateMeasure { JoinsScan: true };

    private static bool IsCheaperAlone(PlannedCheck check, CheckRequest request) =>
        !request.FusedChecksAreCheaper
        && check.IsStored
        && check.Measure is RowMeasure { ReadsText: false }
        && check is { NeedsChecked: false, CountsChecked: false };
}
