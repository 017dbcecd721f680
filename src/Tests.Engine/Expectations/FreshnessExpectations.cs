using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>How recent rows are and whether each period has some. "Now" is the start of the run, in UTC.</summary>
internal static class FreshnessExpectations
{
    private static readonly string[] Units =
    [
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
    ];

    private static readonly Parameter Datepart = Required("datepart", ParameterType.Choice, "the unit") with
    {
        Choices = [.. Units],
        Aliases = ["date_part"],
    };

    private static readonly Parameter Interval = Required(
        "interval",
        ParameterType.Integer,
        "how many units"
    );

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "freshness",
            ExpectationTarget.Column,
            "The latest instant is no older than an age. No rows at all fail."
        )
        {
            ExampleColumn = "ordered_at",
            Parameters = [Required("max_age", ParameterType.Period, "the age: `{count: 6, period: hour}`")],
            Example = "{max_age: {count: 2, period: day}}",
            ReadsClock = _ => true,
            Rule = args => CheckPeriod(args.Map("max_age")),
            Build = c =>
            {
                var age = c.Args.Map("max_age");
                var oldest = Ago(
                    c,
                    Convert.ToString(age["period"], CultureInfo.InvariantCulture) ?? "",
                    $"{age["count"]}"
                );
                return new AggregateMeasure($"{Latest(c, c.Column)} >= {oldest}", Latest(c, c.Column));
            },
        },
        new(
            "volume",
            ExpectationTarget.Both,
            "The number of rows lies in a range; under a column of dates or times with `per`, that of each period from the first to the last. A period without rows counts 0. "
                + "Without a range, the number is compared with those of earlier runs, as `anomaly` does."
        )
        {
            Parameters =
            [
                Optional("min_value", ParameterType.Integer, "the smallest number of rows"),
                Optional("max_value", ParameterType.Integer, "the greatest"),
                Parameter.Optional("per", ParameterType.Choice, "the period") with
                {
                    Choices = [.. Units],
                },
                Parameter.Choice(
                    "of",
                    "which rows: all, or those of the batch that an incremental run adds or replaces (without a batch, or with one without rows, there is nothing to compare with earlier runs)",
                    "table",
                    "table",
                    "batch"
                ),
                .. PastRuns.Parameters,
            ],
            Example = "{min_value: 1, max_value: 100}",
            Remembers = true,
            Tuning = PastRuns.Tuning,
            Rule = args =>
                args.Has("per") || args.Has("min_value") || args.Has("max_value")
                    ? Bounds.NeedOneInOrder(args)
                    : PastRuns.Check(args),
            Build = c =>
            {
                var isOfBatch = c.Args.Text("of") == "batch";
                if (isOfBatch && c.Batch is null)
                    return new AggregateMeasure("true", "null")
                    {
                        IsOfBatch = true,
                        Note = "this run adds no batch",
                    };
                if (!c.Args.Has("min_value") && !c.Args.Has("max_value"))
                    return isOfBatch
                        ? OfBatch(PastRuns.Check(c, "nullif(count(*), 0)"))
                        : PastRuns.Check(c, "count(*)");
                var bounds = Bounds.Of(
                    c,
                    v => c.Dialect.Literal(CheckArguments.ToNumber(v), Dialects.TypeFamily.Integer)
                );
                return c.Args.Text("per") is { } unit && c.ColumnName.Length > 0
                    ? new QueryMeasure(
                        Periods(c, unit, 1, null) + $" where not ({bounds.Passes("coalesce(n_records, 0)")})"
                    )
                    : new AggregateMeasure(bounds.Passes("count(*)"), "count(*)") { IsOfBatch = isOfBatch };
            },
        },
        new(
            "dbt_utils.recency",
            ExpectationTarget.Relation,
            "The latest instant is no older than an age, in all rows or in each group. No rows fail."
        )
        {
            Aliases = ["recency"],
            Parameters =
            [
                Datepart,
                Required("field", ParameterType.Expression, "the column"),
                Interval,
                Optional(
                    "ignore_time_component",
                    ParameterType.Boolean,
                    "true: whole days are compared",
                    false
                ),
                OrderExpectations.Groups("group_by_columns"),
            ],
            Example = "{datepart: day, field: ordered_at, interval: 2}",
            ReadsClock = _ => true,
            Build = c =>
            {
                var latest = Latest(c, c.Expression(c.Args.Text("field") ?? ""));
                var oldest = Ago(c, c.Args.Text("datepart") ?? "", c.Args.Text("interval") ?? "");
                var passes = c.Args.Flag("ignore_time_component")
                    ? $"cast({latest} as date) >= cast({oldest} as date)"
                    : $"{latest} >= {oldest}";
                return Grouped.Check(c, $"coalesce({passes}, false)", latest, "group_by_columns");
            },
        },
        new(
            "dbt_expectations.expect_row_values_to_have_recent_data",
            ExpectationTarget.Column,
            "There is a row between an age ago and now."
        )
        {
            ExampleColumn = "ordered_at",
            Aliases = ["expect_row_values_to_have_recent_data"],
            Parameters = [Datepart, Interval],
            Example = "{datepart: day, interval: 2}",
            ReadsClock = _ => true,
            Build = c => new AggregateMeasure(
                $"count(*) filter (where {Recent(c, c.Column, "interval")}) > 0",
                Latest(c, c.Column)
            ),
        },
        new(
            "dbt_expectations.expect_grouped_row_values_to_have_recent_data",
            ExpectationTarget.Relation,
            "Each group has a row between an age ago and now."
        )
        {
            Aliases = ["expect_grouped_row_values_to_have_recent_data"],
            Parameters =
            [
                Required(
                    "group_by",
                    ParameterType.Expressions,
                    "columns or expressions that make the groups"
                ),
                Required("timestamp_column", ParameterType.Expression, "the column"),
                Datepart,
                Interval,
            ],
            Example = "{group_by: [status], timestamp_column: ordered_at, datepart: day, interval: 2}",
            ReadsClock = _ => true,
            Build = c =>
            {
                var column = c.Expression(c.Args.Text("timestamp_column") ?? "");
                return Grouped.Check(
                    c,
                    $"count(*) filter (where {Recent(c, column, "interval")}) > 0",
                    Latest(c, column)
                );
            },
        },
        new(
            "dbt_expectations.expect_row_values_to_have_data_for_every_n_datepart",
            ExpectationTarget.Relation,
            "Every period from the first row to the last has rows."
        )
        {
            Aliases = ["expect_row_values_to_have_data_for_every_n_datepart"],
            Parameters =
            [
                Required("date_col", ParameterType.Expression, "the column"),
                Optional("date_part", ParameterType.Choice, "the unit", "day") with
                {
                    Choices = [.. Units],
                },
                Optional("interval", ParameterType.Integer, "how many units make a period", 1L),
                Optional(
                    "test_start_date",
                    ParameterType.Text,
                    "the first period to look at; by default that of the first row"
                ),
                Optional(
                    "test_end_date",
                    ParameterType.Text,
                    "where to stop, exclusive; by default after the last row"
                ),
                Optional(
                    "exclusion_condition",
                    ParameterType.Text,
                    "which periods must have rows, as SQL over `period`"
                ),
            ],
            Example = "{date_col: ordered_at, date_part: day}",
            Build = c => new QueryMeasure(
                Periods(
                    c,
                    c.Args.Text("date_part") ?? "day",
                    (int)(c.Args.Number("interval") ?? 1),
                    c.Args.Text("date_col")
                )
                    + " where n_records is null"
                    + (
                        c.Args.Text("exclusion_condition") is { } only
                            ? $" and {SqlFragment.Parenthesize(only)}"
                            : ""
                    )
            ),
        },
    ];

    private static ArgumentProblem? CheckPeriod(IReadOnlyDictionary<string, object?> period) =>
        period.GetValueOrDefault("count") is long and >= 0
        && period.GetValueOrDefault("period") is string unit
        && Units.Contains(unit)
            ? null
            : new ArgumentProblem(
                "max_age",
                "'max_age' needs a 'count' and a 'period'",
                $"for instance {{count: 6, period: hour}}; periods: {string.Join(", ", Units)}"
            );

    private static string AsTimestamp(CheckContext c, string expression) =>
        $"cast({expression} as {c.Dialect.Sql.TypeName(SqlType.Timestamp)})";

    public static string Latest(CheckContext c, string column) => AsTimestamp(c, $"max({column})");

    private static string Ago(CheckContext c, string unit, string count) =>
        c.Dialect.AddInterval(unit, $"-{count}", c.Dialect.Instant(c.Now));

    private static string Recent(CheckContext c, string column, string interval)
    {
        var at = AsTimestamp(c, column);
        return $"{at} >= {Ago(c, c.Args.Text("datepart") ?? "", c.Args.Text(interval) ?? "")} and {at} <= {c.Dialect.Instant(c.Now)}";
    }

    // all periods from the first to the last, each with its number of rows, null for none
    private static string Periods(CheckContext c, string unit, int size, string? column)
    {
        var at = AsTimestamp(c, column is null ? c.Column : c.Expression(column));
        var first = c.Args.Text("test_start_date") is { } start
            ? $"timestamp {c.Dialect.Text(start)}"
            : $"min({at})";
        var last = c.Args.Text("test_end_date") is { } end
            ? c.Dialect.AddInterval("second", "-1", $"timestamp {c.Dialect.Text(end)}")
            : $"max({at})";
        var step = string.Create(CultureInfo.InvariantCulture, $"{size}");
        var counted =
            $"select {c.Dialect.Truncate(unit, at)} as counted_period, count(*) as n from {c.Source} where {at} is not null group by 1";
        var series =
            $"select start_at, row_number() over (order by start_at) - 1 as place from (select instant as start_at from ("
            + c.Dialect.Series(unit, c.Dialect.Truncate(unit, first), c.Dialect.Truncate(unit, last))
            + $" from {c.Source}) as series) as units";
        return $"select period, n_records from (select min(start_at) as period, {c.Dialect.WholeSum("n")} as n_records from ({series}) as placed "
            + $"left join ({counted}) as counted on counted_period = start_at group by (place - place % {step})) as periods";
    }

    /// <summary>A batch without rows, as a file that was only touched makes one, says nothing of how many rows are usual.</summary>
    private static AggregateMeasure OfBatch(AggregateMeasure measure) =>
        measure with
        {
            IsOfBatch = true,
            Passes = $"count(*) = 0 or ({measure.Passes})",
        };
}
