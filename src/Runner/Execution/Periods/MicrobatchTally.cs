using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Runner.Execution.Periods;

/// <summary>Adds up how the batches of a model ended.</summary>
/// <param name="samples">How many failing rows of a test are shown at most.</param>
internal sealed class MicrobatchTally(ModelNode model, int samples)
{
    private const int MostReasons = 3;
    private const int MostNames = 10;

    private readonly List<BatchResult> _batches = [];
    private readonly List<Diagnostic> _reasons = [];
    private readonly List<Diagnostic> _warnings = [];
    private readonly TestsOfBatches _tests = new(model, samples);
    private RowCounts? _rows;

    /// <summary>Whether any batch has ended, well or not.</summary>
    public bool HasBegun => _batches.Count > 0;

    public bool HasPublished => _rows is not null;

    public IEnumerable<BatchPeriod> Published =>
        _batches.Where(batch => batch.IsPublished).Select(batch => batch.Period);

    /// <summary>The tests of a batch together with those of the batches before it.</summary>
    public ImmutableArray<TestResult> TestsWith(ImmutableArray<TestResult> tests) => _tests.With(tests);

    public void Warn(IEnumerable<Diagnostic> warnings) => _warnings.AddRange(warnings);

    /// <param name="group">The periods that were published together; only the first may have rows.</param>
    public void Publish(
        ImmutableArray<BatchPeriod> group,
        RowCounts rows,
        ImmutableArray<TestResult> tests,
        ImmutableArray<Diagnostic> warnings
    )
    {
        // many batches have the same to say
        _warnings.AddRange(warnings.Where(warning => !_warnings.Any(known => IsSame(known, warning))));
        _batches.AddRange(group.Select((period, i) => new BatchResult(period, true, i == 0 ? rows.In : 0)));
        _rows = _rows is { } before
            ? rows with
            {
                In = before.In + rows.In,
                Inserted = before.Inserted + rows.Inserted,
                Updated = before.Updated + rows.Updated,
                Unchanged = before.Unchanged + rows.Unchanged,
                Deleted = before.Deleted + rows.Deleted,
                MergedAway = before.MergedAway + rows.MergedAway,
                Quarantined = before.Quarantined + rows.Quarantined,
                Replayed = before.Replayed + rows.Replayed,
                Dropped = before.Dropped + rows.Dropped,
            }
            : rows;
        _tests.Add(tests);
    }

    /// <param name="group">The periods that were staged together; only the first may have rows.</param>
    public void Fail(
        ImmutableArray<BatchPeriod> group,
        long? rows,
        ImmutableArray<Diagnostic> reasons,
        ImmutableArray<TestResult> tests
    )
    {
        _batches.AddRange(group.Select((period, i) => new BatchResult(period, false, i == 0 ? rows : 0)));
        // one mistake of the SQL fails every batch in the same way
        foreach (var reason in reasons)
        {
            if (_reasons.Count < MostReasons && !_reasons.Any(known => IsSame(known, reason)))
                _reasons.Add(reason);
        }
        _tests.Add(tests);
    }

    /// <param name="planned">How many batches were to be built.</param>
    public NodeResult ToResult(PlannedNode node, int planned)
    {
        ImmutableArray<string> failed =
        [
            .. _batches.Where(batch => !batch.IsPublished).Select(batch => batch.Period.ToString()),
        ];
        ImmutableArray<string> named =
            failed.Length <= MostNames
                ? failed
                : [.. failed.Take(MostNames), $"and {failed.Length - MostNames} more"];
        var tests = _tests.Results;
        return new NodeResult
        {
            Node = node,
            Outcome = failed.IsEmpty
                ? tests.Any(test => test.Status == TestStatus.Warn)
                    ? Outcome.Warned
                    : Outcome.Succeeded
                : failed.Length == _batches.Count
                    ? Outcome.Failed
                    : Outcome.PartialSuccess,
            Rows = _rows,
            Tests = tests,
            Batches = [.. _batches],
            Diagnostics = failed.IsEmpty
                ? [.. _warnings]
                :
                [
                    .. _warnings,
                    .. _reasons,
                    MicrobatchDiagnostics.BatchesFailed(
                        model.Declaration,
                        model.Name,
                        planned,
                        failed.Length,
                        planned - _batches.Count,
                        named
                    ),
                ],
        };
    }

    private static bool IsSame(Diagnostic one, Diagnostic other) =>
        one.Code == other.Code && one.Span == other.Span && one.Message == other.Message;
}
