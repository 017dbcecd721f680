using System.Globalization;
using System.Text.RegularExpressions;

namespace Strata.Tests.Engine.Verdicts;

/// <summary>
/// <c>warn_if</c> or <c>error_if</c>: SQL that stands behind the failure count, such as <c>!= 0</c> or
/// <c>between 1 and 5</c>; with a per cent sign (<c>&gt; 2.5%</c>) it is about the share of checked rows.
/// </summary>
public sealed partial record Threshold(string Written)
{
    public const string Any = "!= 0";

    private readonly Match _simple = Simple().Match(Written);

    public bool IsDefault => Written.Trim() == Any;

    public bool IsPercent => _simple is { Success: true } && _simple.Groups["percent"].Success;

    /// <summary>Whether the threshold is one comparison with a number, so that it can be judged without an engine.</summary>
    public bool IsSimple => _simple.Success;

    /// <summary>The comparison as SQL.</summary>
    /// <param name="failures">The failure count, as an expression.</param>
    /// <param name="rows">The number of checked rows, as an expression.</param>
    public string ToSql(string failures, string rows) =>
        IsPercent
            ? $"(coalesce(100.0 * {failures} / nullif({rows}, 0), 0) {_simple.Groups["op"].Value} {_simple.Groups["number"].Value})"
            : $"({failures} {Catalog.SqlFragment.Close(Written)})";

    /// <summary>The same for a <see cref="IsSimple"/> threshold and a count that is already known.</summary>
    public bool Holds(long failures, long rows)
    {
        var limit = double.Parse(_simple.Groups["number"].Value, CultureInfo.InvariantCulture);
        var value =
            !IsPercent ? failures
            : rows == 0 ? 0
            : 100.0 * failures / rows;
        return _simple.Groups["op"].Value switch
        {
            "<" => value < limit,
            "<=" => value <= limit,
            ">" => value > limit,
            ">=" => value >= limit,
            "=" or "==" => value == limit,
            _ => value != limit,
        };
    }

    [GeneratedRegex(
        @"^\s*(?<op><=|>=|<>|!=|==|=|<|>)\s*(?<number>[0-9]+(\.[0-9]+)?)\s*(?<percent>%)?\s*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Simple();
}
