using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>A figure of the relation against the same figure in earlier runs.</summary>
internal static class AnomalyExpectations
{
    private const string Rows = "row_count";
    private const string Age = "freshness";

    private static readonly string[] OfNumbers = ["mean", "sum", "min", "max", "stddev"];

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "anomaly",
            ExpectationTarget.Both,
            "A figure is in line with those of earlier runs: no further from their median than a number of robust standard deviations. Until there are enough runs, the test learns and passes."
        )
        {
            Remembers = true,
            ReadsClock = test => test.Arguments.GetValueOrDefault("metric")?.Value is Age,
            Tuning = PastRuns.Tuning,
            Parameters =
            [
                Parameter.Choice(
                    "metric",
                    "the figure; all but the number of rows are about a column, `freshness` is the age of its latest instant in seconds",
                    Rows,
                    [Rows, "null_rate", "distinct_count", .. OfNumbers, Age]
                ),
                Optional("expression", ParameterType.Text, "an aggregate of your own instead, as SQL"),
                .. PastRuns.Parameters,
            ],
            Rule = args =>
                args.Has("expression") && args.Written("metric") is not null
                    ? new ArgumentProblem(
                        "expression",
                        "'metric' and 'expression' are both given",
                        "leave one of them out"
                    )
                : !args.Has("expression") && args.Text("metric") != Rows && !args.HasColumn
                    ? new ArgumentProblem(
                        "metric",
                        $"metric '{args.Text("metric")}' needs a column",
                        "write the test under the column, or name the column with the argument 'column'"
                    )
                : PastRuns.Check(args),
            Fits = Fits,
            Build = c => PastRuns.Check(c, Figure(c)),
        },
    ];

    private static ArgumentProblem? Fits(CheckContext c)
    {
        var metric = c.Args.Has("expression") ? Rows : c.Args.Text("metric") ?? Rows;
        var isOff = OfNumbers.Contains(metric)
            ? c.ColumnType is not (TypeFamily.Other or TypeFamily.Boolean)
                && !TypeNames.IsNumeric(c.ColumnType)
            : metric == Age && c.ColumnType != TypeFamily.Other && !TypeNames.IsTemporal(c.ColumnType);
        return isOff
            ? new ArgumentProblem(
                "metric",
                $"metric '{metric}' does not fit column '{c.ColumnName}' of type {c.Relation.FindColumn(c.ColumnName)?.Type}",
                metric == Age ? "it needs dates or times" : "it needs numbers"
            )
            : null;
    }

    private static string Figure(CheckContext c)
    {
        if (c.Args.Text("expression") is { } own)
            return c.Dialect.AsDouble(SqlFragment.Parenthesize(own));
        return (c.Args.Text("metric") ?? Rows) switch
        {
            Rows => "count(*)",
            "null_rate" => $"{c.Dialect.AsDouble($"(count(*) - count({c.Column}))")} / nullif(count(*), 0)",
            "distinct_count" => $"count(distinct {c.Column})",
            "mean" => $"avg({c.Double})",
            "stddev" => $"stddev_samp({c.Double})",
            Age => c.Dialect.AsDouble(
                $"extract(epoch from ({c.Dialect.Instant(c.Now)} - {FreshnessExpectations.Latest(c, c.Column)}))"
            ),
            var function => $"{function}({c.Double})",
        };
    }
}
