using Strata.Cli.Output;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress.Summaries;

/// <summary>A run counted.</summary>
public sealed class RunTotals
{
    private readonly RunResult _result;

    public RunTotals(RunResult result)
    {
        _result = result;
        foreach (var test in result.Nodes.SelectMany(node => node.Tests))
            Tests[test.Status] = Tests.GetValueOrDefault(test.Status) + 1;
        foreach (var test in result.Nodes.SelectMany(node => node.UnitTests))
            UnitTests[test.Status] = UnitTests.GetValueOrDefault(test.Status) + 1;
    }

    public Dictionary<TestStatus, int> Tests { get; } = [];

    public Dictionary<TestStatus, int> UnitTests { get; } = [];

    public int Count(Outcome outcome) => _result.Nodes.Count(node => node.Outcome == outcome);

    /// <summary><c>1 failed, 2 skipped, 4 built, 3 fresh, 1 copied</c></summary>
    public string Nodes(Palette palette)
    {
        var built = _result
            .Nodes.Where(node => node.Outcome is Outcome.Succeeded or Outcome.Warned)
            .ToLookup(node => node.Node.Kind);
        return Join(
            [
                (Count(Outcome.Failed), "failed", Tone.Bad),
                (Count(Outcome.PartialSuccess), "partly built", Tone.Bad),
                (Count(Outcome.Skipped), "skipped", Tone.Warning),
                (Count(Outcome.HeldBack), "not published", Tone.Warning),
                (Count(Outcome.Cancelled), "cancelled", Tone.Warning),
                (
                    built[PlannedKind.Model]
                        .Concat(built[PlannedKind.Seed])
                        .Concat(built[PlannedKind.Snapshot])
                        .Count(node => node.Node.Action is not (PlannedAction.Test or PlannedAction.None)),
                    "built",
                    Tone.Good
                ),
                (built[PlannedKind.Transfer].Count(), "copied", Tone.Good),
                (Count(Outcome.Fresh), "fresh", Tone.Quiet),
            ],
            palette
        );
    }

    /// <summary><c>1 test failed, 1 warned, 22 passed</c></summary>
    public string TestsLine(Palette palette) => Line("tests", Tests, palette);

    /// <summary><c>unit tests: 1 failed, 3 passed, 1 not run</c></summary>
    public string UnitTestsLine(Palette palette) => Line("unit tests", UnitTests, palette);

    private static string Line(string title, Dictionary<TestStatus, int> tests, Palette palette)
    {
        var text = Join(
            [
                (tests.GetValueOrDefault(TestStatus.Fail), "failed", Tone.Bad),
                (tests.GetValueOrDefault(TestStatus.Error), "could not run", Tone.Bad),
                (tests.GetValueOrDefault(TestStatus.Warn), "warned", Tone.Warning),
                (tests.GetValueOrDefault(TestStatus.Pass), "passed", Tone.Good),
                (tests.GetValueOrDefault(TestStatus.Skipped), "not run", Tone.Quiet),
            ],
            palette
        );
        return text.Length == 0 ? "" : $"{title}: {text}";
    }

    private static string Join(IEnumerable<(int Count, string Word, Tone Tone)> parts, Palette palette) =>
        string.Join(
            ", ",
            parts
                .Where(part => part.Count > 0)
                .Select(part => palette.Paint($"{Words.Number(part.Count)} {part.Word}", part.Tone))
        );
}
