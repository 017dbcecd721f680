using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Verdicts;

/// <summary>How a check ended, and the figures that it was judged by.</summary>
public sealed record CheckVerdict(PlannedCheck Check, CheckStatus Status)
{
    public TestNode Test => Check.Test;

    /// <summary>The value of fail_calc; by default the number of failing rows or keys.</summary>
    public required long Failures { get; init; }

    /// <summary>
    /// The rows that were checked; null where the query did not have to count them. Whoever shows a failure sets it
    /// from <see cref="PlannedCheck.CheckedSql"/>.
    /// </summary>
    public long? Checked { get; init; }

    /// <summary>The aggregate or statistic that was compared.</summary>
    public string? Observed { get; init; }

    /// <summary>What the observation was held against, and what else there is to say of it.</summary>
    public string? Note { get; init; }

    /// <summary>The note without values of the tested column.</summary>
    public string? MaskedNote { get; init; }

    /// <summary>Whether the note is worth reading also when the test passed.</summary>
    public bool IsRemark { get; init; }

    /// <summary>What later runs are to be held against, if this run decides that.</summary>
    public string? NewBaseline { get; init; }

    public double? FailurePercent =>
        !Check.CountsRows ? null
        : Checked is { } rows ? (rows == 0 ? 0 : 100.0 * Failures / rows)
        : null;

    /// <summary>The figures in words: <c>3 of 120 rows (2.5%), mostly 0.99</c>.</summary>
    public string Figures
    {
        get
        {
            var culture = CultureInfo.InvariantCulture;
            var scope = Check.ReadsBatchOnly ? " of the batch" : "";
            var text = Note is { } note
                ? Observed is null
                    ? note
                    : $"observed {Observed}{scope}, {note}"
                : Observed is { } observed
                    ? $"observed {observed}"
                    : !Check.CountsRows
                        ? string.Create(culture, $"{Check.Counts} is {Failures:N0}{scope}")
                        : Checked is { } rows
                            ? Shares.Of(Failures, rows, Check.Counts, scope)
                            : string.Create(
                                culture,
                                $"{Failures:N0} {(Failures == 1 ? "failure" : "failures")}{scope}"
                            );
            return IsPlain ? text : $"{text}, {ThresholdWords.Of(Test)}";
        }
    }

    // any failure at all is what everybody expects to matter
    private bool IsPlain => Check is { Mostly: null, WarnIf.IsDefault: true, ErrorIf.IsDefault: true };

    /// <summary>What to show; null for a check that passed.</summary>
    public Diagnostic? ToDiagnostic() =>
        Status switch
        {
            CheckStatus.Fail => TestDiagnostics.Failed(Test, Figures),
            CheckStatus.Warn when Test.Config.Severity == TestSeverity.Quarantine => TestDiagnostics.Warned(
                Test,
                Figures
            ) with
            {
                Hint =
                    "rows that are already published are not diverted: 'strata build --full-refresh' rebuilds the model without them",
            },
            CheckStatus.Warn => TestDiagnostics.Warned(Test, Figures),
            _ => null,
        };
}
