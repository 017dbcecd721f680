using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Reconciling;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Planning;

/// <summary>One test, ready to be measured: what it reads, which rows fail, and when that matters.</summary>
public sealed class PlannedCheck
{
    internal PlannedCheck(TestNode test, Measure measure, string? from, string? where)
    {
        Test = test;
        Measure = measure;
        From = from;
        Where = where;
        WarnIf = new Threshold(test.Config.WarnIf);
        ErrorIf = new Threshold(test.Config.ErrorIf);
    }

    public TestNode Test { get; }

    /// <summary>The share of checked rows that must pass; null for all.</summary>
    public double? Mostly { get; internal init; }

    /// <summary>Whether only the rows of the current batch are read.</summary>
    public bool ReadsBatchOnly { get; internal init; }

    /// <summary>Where there is a batch: why the whole relation is read all the same.</summary>
    public string? WholeBecause { get; internal init; }

    /// <summary>For a check that looks at rows one by one: the SQL condition of a failing row, never null itself.</summary>
    public string? FailingRow =>
        Measure.FailingRow is not { } fails ? null
        : Where is null ? $"coalesce({fails}, false)"
        : $"coalesce({SqlFragment.Parenthesize(Where)} and ({fails}), false)";

    /// <summary>What the check reads, as an item of FROM; null for a query of the project's own.</summary>
    public string? From { get; }

    /// <summary>The relation alone, as it is shown to people.</summary>
    internal string? Reads { get; init; }

    internal string? Where { get; }

    /// <summary>Whether what is read is stored, and not computed anew by each scan.</summary>
    internal bool IsStored { get; init; }

    internal Measure Measure { get; }

    internal Threshold WarnIf { get; }

    internal Threshold ErrorIf { get; }

    /// <summary>Whether the checked rows are counted although their number decides nothing.</summary>
    internal bool CountsChecked { get; init; }

    /// <summary>Whether the number of checked rows decides, and not only the number of failures.</summary>
    internal bool NeedsChecked => Mostly is not null || WarnIf.IsPercent || ErrorIf.IsPercent;

    /// <summary>The threshold that is a share of rows, if one is.</summary>
    internal string? Percentage =>
        ErrorIf.IsPercent ? ErrorIf.Written
        : WarnIf.IsPercent ? WarnIf.Written
        : null;

    /// <summary>Whether fail_calc is the number of failures, and not some other figure.</summary>
    internal bool CountsRows => IsCount(Test.Config.FailCalc);

    internal static bool IsCount(string failCalc) =>
        failCalc.Replace(" ", "", StringComparison.Ordinal) is "count(*)" or "count(1)";

    /// <summary>Whether the check finds rows at all, and not only that a figure is out of bounds.</summary>
    public bool HasFailingRows => Measure is RowMeasure or QueryMeasure;

    /// <summary>The rows to keep when the test stores its failures: all of them, or as many as its <c>limit</c> allows.</summary>
    public string StoreFailuresSql => Limited(FailingRows, Test.Config.Limit);

    /// <summary>A query that shows failing rows, fit to paste into a client.</summary>
    public string FailingRowsSql(long limit) =>
        Limited(FailingRows, Test.Config.Limit is { } own ? Math.Min(own, limit) : limit);

    /// <summary>A query for some rows to show beside a failure: with their keys, where the failures themselves have none.</summary>
    public string SampleRowsSql(long limit) =>
        Measure is QueryMeasure { Samples: { } samples } ? Limited(samples, limit) : FailingRowsSql(limit);

    /// <summary>
    /// A query that counts the checked rows, for a verdict that does not know them and is to be shown; null where
    /// failures are not held against a number of rows.
    /// </summary>
    public string? CheckedSql =>
        CountsRows
        && Measure is RowMeasure or QueryMeasure { Considered: not null } or QueryMeasure { Counts: not null }
            ? CountChecked
            : null;

    /// <summary>What failures are, in the singular, where they are not rows; they are still held against the number of rows.</summary>
    public string? Counts => CountsRows ? Measure.Counts : Test.Config.FailCalc.Trim();

    internal string? CountChecked =>
        From is null ? null : $"select count(*) from {From}{WhereClause(Measure.Considered)}";

    internal string FailingRows =>
        Measure switch
        {
            RowMeasure { CountedBy: { } value } row =>
                $"select {value} as value_field, count(*) as n_records from {From}{WhereClause(row.Fails)} group by {value}",
            RowMeasure row => $"select * from {From}{WhereClause(row.Fails)}",
            AggregateMeasure aggregate =>
                $"select {aggregate.Observed} as observed from {From}{WhereClause(null)} having not coalesce({aggregate.Passes}, false)",
            QueryMeasure query => query.FailingRows,
            ComputedMeasure computed => computed.Query,
            _ => throw new InvalidOperationException($"no failing rows for {Measure.GetType().Name}"),
        };

    internal string WhereClause(string? also) =>
        (Where, also) switch
        {
            (null, null) => "",
            (null, _) => $" where {also}",
            (_, null) => $" where {SqlFragment.Parenthesize(Where)}",
            _ => $" where {SqlFragment.Parenthesize(Where)} and ({also})",
        };

    /// <summary>Begins the comparison of a check that compares relations in several steps; null for any other.</summary>
    /// <param name="examples">How many keys that differ are described.</param>
    public Reconciliation? Reconcile(int examples) => (Measure as ReconcileMeasure)?.Begin(examples);

    /// <summary>The verdict on what a reconciliation found.</summary>
    /// <param name="hides">Columns of which no value is to be shown.</param>
    public CheckVerdict Judge(ReconcileReport report, Func<string, bool> hides)
    {
        var words = report.Describe(hides);
        var rows = Math.Max(report.RowsHere, report.RowsThere);
        return Judge(
            WarnIf.Holds(report.Failures, rows),
            ErrorIf.Holds(report.Failures, rows),
            report.Failures,
            rows,
            null
        ) with
        {
            Note = words,
            MaskedNote = words,
        };
    }

    internal CheckVerdict Judge(bool warn, bool error, long failures, long? rows, string? observed) =>
        new(this, Status(warn, error, failures, rows))
        {
            Failures = failures,
            Checked = rows,
            Observed = observed,
        };

    // severity warn never looks at error_if, as in dbt; mostly comes before both. A row that is diverted is no error in
    // itself, so for quarantine only limits that somebody has set make one; that a row was diverted is seen even
    // if there are no more than are allowed
    private CheckStatus Status(bool warn, bool error, long failures, long? rows)
    {
        var isEnough =
            Mostly is { } mostly && rows is { } all && (all == 0 || (double)(all - failures) / all >= mostly);
        if (Test.Config.Severity == TestSeverity.Quarantine)
        {
            var isLimited = Mostly is not null || !ErrorIf.IsDefault;
            return error && isLimited && !isEnough ? CheckStatus.Fail
                : warn ? CheckStatus.Warn
                : CheckStatus.Pass;
        }
        if (isEnough)
            return CheckStatus.Pass;
        if (error && Test.Config.Severity != TestSeverity.Warn)
            return CheckStatus.Fail;
        return warn ? CheckStatus.Warn : CheckStatus.Pass;
    }

    private static string Limited(string query, long? limit) =>
        limit is { } rows
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"select * from (\n{query}\n) as failures limit {rows}"
            )
            : query;
}
