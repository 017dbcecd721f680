using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Planning;

/// <summary>
/// Which checks may look at the rows of a batch alone, given that all other rows passed before: those whose verdict on
/// a row depends on nothing but the row.
/// </summary>
public static partial class BatchRule
{
    internal const string OwnQuery = "a query of the project's own may compare any rows";

    /// <returns>Why the check needs all rows, in words; null when it does not.</returns>
    internal static string? WhyNot(TestNode test, Measure measure, double? mostly) =>
        measure switch
        {
            AggregateMeasure => "an aggregate is about all rows together",
            ComputedMeasure => "a statistic is about all rows together",
            QueryMeasure when IsAbout(test, "unique") => "a row of the batch can repeat a key that is there",
            QueryMeasure when IsAbout(test, "relationships") =>
                "rows that others refer to may have gone since the last run",
            not RowMeasure => "it looks at rows together",
            _ when mostly is not null => "mostly is a share of all rows",
            _ when !IsDefault(test.Config) => "its thresholds count the failures of all rows",
            _ when !PlannedCheck.IsCount(test.Config.FailCalc) =>
                "its fail_calc is a figure of all failing rows",
            _ when Texts(test).Any(text => Subquery().IsMatch(text)) => "its condition reads other rows",
            _ when Texts(test).Any(ClockWords.AreIn) => "its condition depends on the time or on chance",
            _ => null,
        };

    private static bool IsAbout(TestNode test, string word) =>
        test.TestName?.Contains(word, StringComparison.Ordinal) == true;

    private static bool IsDefault(TestConfig config) =>
        config.WarnIf.Trim() == Threshold.Any && config.ErrorIf.Trim() == Threshold.Any;

    // wrong guesses cost a scan and nothing else
    private static IEnumerable<string> Texts(TestNode test) =>
        ExpectationCatalog.Instance.SqlOf(test).Concat(CheckArguments.TextsIn(test.Config.Where));

    // DuckDB's queries may begin with FROM, Postgres' may be TABLE or VALUES; elsewhere these words stand inside of functions
    [GeneratedRegex(
        @"\bselect\b|\(\s*(from|table|values)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Subquery();
}
