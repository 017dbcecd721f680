using System.Globalization;

namespace Strata.Tests.Engine.Verdicts;

/// <summary>A number of failures among a number of rows, in words.</summary>
public static class Shares
{
    /// <summary><c>3 of 120 rows (2.5%)</c>.</summary>
    /// <param name="what">What failures are, where they are not rows: <c>repeated value</c>.</param>
    /// <param name="scope">What stands behind the rows: <c> of the batch</c>.</param>
    public static string Of(long failures, long rows, string? what = null, string scope = "")
    {
        var of = what is null ? "of" : $"{what}{(failures == 1 ? "" : "s")} in";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{failures:N0} {of} {rows:N0} {(rows == 1 ? "row" : "rows")}{scope} ({Percent(failures, rows)}%)"
        );
    }

    // a few rows of millions are not nothing
    private static string Percent(long failures, long rows) =>
        rows == 0 ? "0"
        : 100.0 * failures / rows is var percent and > 0 and < 0.01 ? "<0.01"
        : Math.Round(100.0 * failures / rows, 2).ToString("0.##", CultureInfo.InvariantCulture);
}
