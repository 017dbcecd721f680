using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>A range as SQL: literals or expressions, null where it is open.</summary>
internal sealed record Bounds(string? Min, string? Max, bool StrictMin, bool StrictMax)
{
    public bool IsOpen => Min is null && Max is null;

    /// <summary>min_value, max_value, strict_min and strict_max.</summary>
    public static ImmutableArray<Parameter> Parameters(ParameterType type) =>
        [
            Optional("min_value", type, "the lower bound; without it the range is open below"),
            Optional("max_value", type, "the upper bound; without it the range is open above"),
            Optional("strict_min", ParameterType.Boolean, "true: the lower bound itself is outside", false),
            Optional("strict_max", ParameterType.Boolean, "true: the upper bound itself is outside", false),
        ];

    /// <summary>As dbt-expectations spells them: bounds may be SQL, and <c>strictly</c> is about both.</summary>
    public static ImmutableArray<Parameter> DbtParameters { get; } =
    [
        Optional("min_value", ParameterType.SqlValue, "the lower bound, a number or SQL"),
        Optional("max_value", ParameterType.SqlValue, "the upper bound, a number or SQL"),
        Optional("strictly", ParameterType.Boolean, "true: the bounds themselves are outside", false),
    ];

    public static Bounds Of(CheckContext c, Func<object?, string> literal) =>
        new(
            c.Args.Has("min_value") ? literal(c.Args.Value("min_value")) : null,
            c.Args.Has("max_value") ? literal(c.Args.Value("max_value")) : null,
            c.Args.Flag("strict_min"),
            c.Args.Flag("strict_max")
        );

    public static Bounds OfDbt(CheckContext c) =>
        new(
            c.Args.Has("min_value") ? c.SqlValue("min_value") : null,
            c.Args.Has("max_value") ? c.SqlValue("max_value") : null,
            c.Args.Flag("strictly"),
            c.Args.Flag("strictly")
        );

    /// <summary>True inside, false outside, null for null.</summary>
    public string Passes(string expression)
    {
        var parts = new List<string>();
        if (Min is not null)
            parts.Add($"{expression} {(StrictMin ? ">" : ">=")} {Min}");
        if (Max is not null)
            parts.Add($"{expression} {(StrictMax ? "<" : "<=")} {Max}");
        return parts.Count == 0 ? "true" : string.Join(" and ", parts);
    }

    /// <summary>True outside, false inside, null for null: the form that statistics can prune by.</summary>
    public string Fails(string expression)
    {
        var parts = new List<string>();
        if (Min is not null)
            parts.Add($"{expression} {(StrictMin ? "<=" : "<")} {Min}");
        if (Max is not null)
            parts.Add($"{expression} {(StrictMax ? ">=" : ">")} {Max}");
        return parts.Count == 0 ? "false" : string.Join(" or ", parts);
    }

    public static ArgumentProblem? NeedOne(CheckArguments args) =>
        args.Has("min_value") || args.Has("max_value")
            ? null
            : new ArgumentProblem(
                null,
                "neither 'min_value' nor 'max_value' is given",
                "give at least one of them"
            );

    public static ArgumentProblem? NeedOneInOrder(CheckArguments args) => NeedOne(args) ?? InOrder(args);

    /// <summary>Numbers and dates in ISO form are compared; other text is left to the engine.</summary>
    public static ArgumentProblem? InOrder(CheckArguments args)
    {
        var (min, max) = (args.Value("min_value"), args.Value("max_value"));
        var isReversed =
            CheckArguments.ToNumber(min) is { } low && CheckArguments.ToNumber(max) is { } high
                ? low > high
                : min is string from
                    && max is string to
                    && DateTime.TryParse(
                        from,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var first
                    )
                    && DateTime.TryParse(to, System.Globalization.CultureInfo.InvariantCulture, out var last)
                    && first > last;
        return isReversed
            ? new ArgumentProblem("min_value", $"'min_value' {min} is greater than 'max_value' {max}")
            : null;
    }
}
