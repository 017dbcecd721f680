using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;
using Strata.Runner.Results;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// What the tests of a microbatch model say of all batches of a run. A batch that failed stays failed; a test that looks at the whole
/// relation says last what is true of it; and what tests found in single batches is added up.
/// </summary>
/// <param name="samples">How many failing rows are shown at most.</param>
internal sealed class TestsOfBatches(ModelNode model, int samples)
{
    private readonly Dictionary<string, TestResult> _results = [];

    public ImmutableArray<TestResult> Results => [.. _results.Values];

    public void Add(ImmutableArray<TestResult> tests)
    {
        foreach (var test in With(tests))
            _results[test.Test.UniqueId] = test;
    }

    /// <summary>The tests of a batch together with those of the batches before it.</summary>
    public ImmutableArray<TestResult> With(ImmutableArray<TestResult> tests) =>
        [
            .. tests.Select(test =>
                _results.TryGetValue(test.Test.UniqueId, out var before) ? Together(before, test) : test
            ),
        ];

    private TestResult Together(TestResult before, TestResult test)
    {
        var worst = Severity(test.Status) < Severity(before.Status) ? before : test;
        var result =
            worst.Status is TestStatus.Fail or TestStatus.Error ? worst
            : !test.BatchOnly ? test
            : CountsRows(before) && CountsRows(test) ? Sum(before, test)
            : worst;
        return result with { Duration = before.Duration + test.Duration };
    }

    // different values of one batch may be those of another, and figures are about the rows of one
    private static bool CountsRows(TestResult result) =>
        result is { Failures: not null, Counts: null, Observed: null, Note: null };

    private TestResult Sum(TestResult before, TestResult test)
    {
        var shown = test.Status == TestStatus.Warn ? test : before;
        var sum = shown with
        {
            Failures = before.Failures + test.Failures,
            Checked = before.Checked + test.Checked,
            Samples = Together(before.Samples, test.Samples),
            TestedAt = test.TestedAt,
        };
        return shown.Diagnostics.IsEmpty
            ? sum
            : sum with
            {
                Diagnostics =
                [
                    Describe(sum) with
                    {
                        Hint = shown.Diagnostics[0].Hint,
                    },
                    .. shown.Diagnostics.Skip(1),
                ],
            };
    }

    private Diagnostic Describe(TestResult sum) =>
        sum.Test.Config.Severity == TestSeverity.Quarantine
            ? QuarantineDiagnostics.Diverted(sum.Test, model.Name, RowDiverter.Share(sum))
            : TestDiagnostics.Warned(
                sum.Test,
                (sum.Failures, sum.Checked) switch
                {
                    ({ } failures, { } rows) => Shares.Of(failures, rows, null, " of the batches"),
                    var (failures, _) => string.Create(
                        CultureInfo.InvariantCulture,
                        $"{failures:N0} {(failures == 1 ? "failure" : "failures")} in the batches"
                    ),
                }
            );

    private FailingRows? Together(FailingRows? before, FailingRows? rows) =>
        before is null || rows is null ? before ?? rows
        : before.Columns.SequenceEqual(rows.Columns)
            ? before with
            {
                Rows = [.. before.Rows, .. rows.Rows.Take(samples - before.Rows.Length)],
            }
        : rows;

    private static int Severity(TestStatus status) =>
        status switch
        {
            TestStatus.Error => 3,
            TestStatus.Fail => 2,
            TestStatus.Warn => 1,
            _ => 0,
        };
}
