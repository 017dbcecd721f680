using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Statistics;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>
/// Holds a figure against what earlier runs observed of it. What is expected is known before the query is written, so that the comparison
/// joins the scan of the other tests. The figure that is tested is never among those it is held against.
/// </summary>
internal static class PastRuns
{
    /// <summary>Arguments that may change without forgetting the past.</summary>
    public static readonly ImmutableArray<string> Tuning =
    [
        "sensitivity",
        "min_change",
        "direction",
        "season",
        "compare",
        "window",
        "min_history",
    ];

    public static readonly ImmutableArray<Parameter> Parameters =
    [
        Optional(
            "sensitivity",
            ParameterType.Number,
            "how many robust standard deviations from the median still count as usual",
            3.5
        ),
        Optional(
            "min_change",
            ParameterType.Number,
            "the share of the median that is always usual, however steady the past was",
            0.05
        ),
        Choice("direction", "which side is unusual", "both", "both", "low", "high"),
        Choice(
            "season",
            "only earlier runs of the same weekday, hour or both (UTC) are looked at",
            "none",
            "none",
            "weekday",
            "hour",
            "weekday_and_hour"
        ),
        Choice(
            "compare",
            "what is looked at: the figure, or (for one that always grows) how much it changed since the run before",
            "value",
            "value",
            "change"
        ),
        Optional("window", ParameterType.Integer, "how many earlier runs are looked at", 30L),
        Optional(
            "min_history",
            ParameterType.Integer,
            "how many there must be; until then the test learns",
            7L
        ),
    ];

    public static ArgumentProblem? Check(CheckArguments args) =>
        args.Number("min_history") is < 2
            ? new ArgumentProblem("min_history", "'min_history' must be 2 or more")
        : args.Number("window") < args.Number("min_history")
            ? new ArgumentProblem("window", "'window' is smaller than 'min_history': it would learn for ever")
        : args.Number("sensitivity") is <= 0
            ? new ArgumentProblem("sensitivity", "'sensitivity' must be more than 0")
        : null;

    /// <param name="figure">An aggregate that gives a number.</param>
    public static AggregateMeasure Check(CheckContext c, string figure)
    {
        var isChange = c.Args.Text("compare") == "change";
        var (past, last) = Comparable(c, isChange);
        var needed = (int)(c.Args.Number("min_history") ?? 7);
        if (past.Length < needed)
            return new AggregateMeasure("true", figure)
            {
                Note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"learning, {past.Length} of {needed} points{(c.Memory.StartsOver ? ", starting over" : "")}"
                ),
                IsRemark = true,
                NewBaseline = c.Memory.StartsOver ? "{}" : null,
            };
        var band = RobustBand.Of(
            [.. past.Select(one => one.Value)],
            c.Args.Number("sensitivity") ?? 3.5,
            c.Args.Number("min_change") ?? 0
        );
        var direction = c.Args.Text("direction");
        double? low = direction == "high" ? null : last + band.Low,
            high = direction == "low" ? null : last + band.High;
        var value = c.Dialect.AsDouble(figure);
        var parts = new List<string>();
        if (low is { } least)
            parts.Add($"{value} >= {c.Dialect.Literal(least, TypeFamily.Float)}");
        if (high is { } most)
            parts.Add($"{value} <= {c.Dialect.Literal(most, TypeFamily.Float)}");
        var expected =
            low is null ? $"up to {Show(high)}"
            : high is null ? $"{Show(low)} or more"
            : $"{Show(low)} to {Show(high)}";
        return new AggregateMeasure(string.Join(" and ", parts), figure)
        {
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"expected {expected}: the median of {past.Length} earlier runs{Season(c)} is {(isChange ? "a change of " : "")}{Show(band.Median)}"
            ),
        };
    }

    // newest first; a baseline marks the instant since which the past counts
    private static (ImmutableArray<PastMeasure> Past, double Last) Comparable(CheckContext c, bool isChange)
    {
        if (c.Memory.StartsOver)
            return ([], 0);
        var since = c.Memory.Baseline?.TakenAt ?? DateTimeOffset.MinValue;
        var now = c.Now.UtcDateTime;
        var season = c.Args.Text("season");
        ImmutableArray<PastMeasure> past =
        [
            .. c.Memory.History.Where(one => one.At >= since && one.At < c.Now),
        ];
        var last = isChange && !past.IsEmpty ? past[0].Value : 0;
        if (isChange)
            past =
            [
                .. past.Zip(past.Skip(1), (one, before) => one with { Value = one.Value - before.Value }),
            ];
        return (
            [
                .. past.Where(one =>
                        season is not ("weekday" or "weekday_and_hour")
                        || one.At.UtcDateTime.DayOfWeek == now.DayOfWeek
                    )
                    .Where(one =>
                        season is not ("hour" or "weekday_and_hour") || one.At.UtcDateTime.Hour == now.Hour
                    )
                    .Take((int)(c.Args.Number("window") ?? 30)),
            ],
            last
        );
    }

    private static string Season(CheckContext c) =>
        c.Args.Text("season") switch
        {
            "weekday" => " of the same weekday",
            "hour" => " of the same hour",
            "weekday_and_hour" => " of the same weekday and hour",
            _ => "",
        };

    private static string Show(double? value) =>
        value is not { } number ? ""
        : Math.Abs(number) is >= 1e15 or (> 0 and < 1e-4)
            ? number.ToString("G4", CultureInfo.InvariantCulture)
        : Math.Round(number, 4).ToString("#,0.####", CultureInfo.InvariantCulture);
}
