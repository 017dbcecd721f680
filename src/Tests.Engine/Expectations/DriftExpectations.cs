using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Statistics;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>
/// How a column's values are distributed against a baseline: the distribution that the first run found, which is kept until somebody
/// asks for another (<c>strata test --update-baselines</c>).
/// </summary>
internal static class DriftExpectations
{
    public static readonly ImmutableArray<Expectation> All =
    [
        Drift(
            "drift_psi",
            "The population stability index between the baseline and now is small. Numbers are counted in quantile bins, everything else by value; null counts as a value.",
            "the greatest index; by convention 0.1 is a small change and 0.25 a large one",
            0.2,
            DriftStatistic.StabilityIndex,
            c => TypeNames.IsNumeric(c.ColumnType),
            _ => true,
            "status"
        ),
        Drift(
            "drift_ks",
            "The Kolmogorov-Smirnov distance between the baseline's numbers and now is small: the greatest difference of the shares of values below any edge. Nulls are left out.",
            "the greatest distance, 0 to 1",
            0.1,
            DriftStatistic.KolmogorovSmirnov,
            _ => true,
            family => family is TypeFamily.Other || TypeNames.IsNumeric(family),
            "amount"
        ),
        Drift(
            "drift_chi2",
            "Pearson's chi-squared test does not tell the shares of values now from those of the baseline: Cohen's effect size w is small. Null counts as a value.",
            "the greatest effect size w: 0.1 is small, 0.3 medium, 0.5 large",
            0.1,
            DriftStatistic.ChiSquared,
            _ => false,
            _ => true,
            "status"
        ),
    ];

    private static Expectation Drift(
        string name,
        string description,
        string threshold,
        double usual,
        DriftStatistic statistic,
        Func<CheckContext, bool> isNumbers,
        Func<TypeFamily, bool> fits,
        string exampleColumn
    ) =>
        new(
            name,
            ExpectationTarget.Column,
            description
                + " The first run takes the baseline. A difference fails if it exceeds both what chance allows and the threshold."
        )
        {
            ExampleColumn = exampleColumn,
            Remembers = true,
            Tuning = ["threshold", "p_value"],
            Parameters =
            [
                Optional("threshold", ParameterType.Number, threshold, usual),
                Optional(
                    "p_value",
                    ParameterType.Fraction,
                    "a difference that chance brings about at least this often is ignored; 1: only the threshold counts",
                    0.01
                ),
                .. statistic == DriftStatistic.ChiSquared
                    ? ImmutableArray<Parameter>.Empty
                    :
                    [
                        Optional(
                            "bins",
                            ParameterType.Integer,
                            "how many quantile bins a baseline of numbers has",
                            statistic == DriftStatistic.StabilityIndex ? 10L : 50L
                        ),
                    ],
                .. statistic == DriftStatistic.KolmogorovSmirnov
                    ? ImmutableArray<Parameter>.Empty
                    :
                    [
                        Optional(
                            "categories",
                            ParameterType.Integer,
                            "how many values a baseline names; rarer ones are counted together",
                            50L
                        ),
                    ],
            ],
            Example = "{p_value: 1}",
            Rule = args =>
                args.Number("bins") is < 2 or > 1000
                    ? new ArgumentProblem("bins", "'bins' must be from 2 to 1000")
                : args.Number("categories") is < 1 or > 1000
                    ? new ArgumentProblem("categories", "'categories' must be from 1 to 1000")
                : null,
            Fits = c =>
                fits(c.ColumnType)
                    ? null
                    : new ArgumentProblem(
                        null,
                        $"'{name}' needs numbers, but column '{c.ColumnName}' has none",
                        "drift_psi and drift_chi2 take any values"
                    ),
            Build = c => Build(c, statistic, isNumbers(c)),
        };

    private static ComputedMeasure Build(CheckContext c, DriftStatistic statistic, bool isNumbers)
    {
        var stored = c.Memory is { StartsOver: false, Baseline: { } baseline }
            ? StoredDistribution.Read(baseline.Content)
            : null;
        // the type of the column has changed: the two cannot be compared
        if (stored is not null && stored.Edges is not null != isNumbers)
            stored = null;
        if (stored is null)
            return new ComputedMeasure(
                isNumbers ? DistributionQueries.TakeBins(c) : DistributionQueries.TakeCategories(c),
                rows =>
                    Taken(
                        isNumbers
                            ? DistributionQueries.ReadBins(rows)
                            : DistributionQueries.ReadCategories(rows)
                    )
            );
        return new ComputedMeasure(
            isNumbers
                ? DistributionQueries.CountBins(c, stored)
                : DistributionQueries.CountCategories(c, stored),
            rows => DriftJudgement.Judge(c, statistic, stored, DistributionQueries.Compare(stored, rows))
        );
    }

    private static ComputedOutcome Taken(StoredDistribution taken) =>
        taken.Rows == 0
            ? new ComputedOutcome(true, null) { Note = "no rows to take a baseline from", IsRemark = true }
            : new ComputedOutcome(true, null)
            {
                Note = DriftJudgement.DescribeTaken(taken),
                IsRemark = true,
                NewBaseline = taken.ToJson(),
            };
}
