using System.Collections.Immutable;
using Strata.Runner.Runs;
using Strata.Runner.State;

namespace Strata.Runner.Tests.Runs;

public sealed class ProjectHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Runs_AfterTheClockWasSetBack_AreInTheOrderInWhichTheyCame()
    {
        var history = Of([Run("a", 1, 0), Run("b", 2, 30), Run("c", 3, -45), Run("d", 4, -40)]);
        history.Runs.Select(run => run.RunId).ShouldBe(["d", "c", "b", "a"]);
    }

    [Fact]
    public void Runs_OfSeveralConnections_AreInTheOrderOfTheirBeginning()
    {
        var history = Of(
            [Run("a", 1, 0), Run("c", 2, 20), Run("d", 3, 30)],
            [Run("b", 1, 10), Run("c", 2, 20), Run("e", 3, 40)]
        );
        history.Runs.Select(run => run.RunId).ShouldBe(["e", "d", "c", "b", "a"]);
    }

    private static ProjectHistory Of(params ImmutableArray<RunRecord>[] connections) =>
        new(
            [.. connections.Select((runs, i) => ConnectionHistory.Empty($"c{i}") with { Runs = runs })],
            ImmutableDictionary<string, EngineSnapshot>.Empty
        );

    private static RunRecord Run(string id, long seq, int minutes) =>
        new(
            id,
            seq,
            "dev",
            "build",
            Noon.AddMinutes(minutes),
            Noon.AddMinutes(minutes + 1),
            "succeeded",
            null,
            null
        );
}
