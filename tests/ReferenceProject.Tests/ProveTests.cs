using Strata.Simulators.Events;

namespace Strata.ReferenceProject.Tests;

/// <summary>No incremental model of the reference project depends on how its rows arrive.</summary>
public sealed class ProveTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2026")]
    public async Task Prove_OnSimulatedEvents_EveryIncrementalModelIsProven(string seed)
    {
        using var project = new ProjectCopy();
        project.Land(
            new SimulatorOptions
            {
                Out = "",
                Days = 3,
                Events = 600,
            }
        );
        (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        var outcome = await project.RunAsync("prove", "--target", "local", "--rows", "300", "--seed", seed);
        outcome.ShouldExitWith(0);
        outcome.Output.ShouldContain("4 proven; seed " + seed);
    }
}
