using Strata.Simulators.Events;

namespace Strata.ReferenceProject.Tests;

/// <summary>No incremental model of the reference project depends on how its rows arrive.</summary>
public sealed class ProveTests
{
    [Fact]
    public async Task Prove_OnSimulatedEvents_EveryIncrementalModelIsProven()
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
        var outcome = await project.RunAsync("prove", "--target", "local", "--rows", "300", "--seed", "7");
        outcome.ShouldExitWith(0);
        outcome.Output.ShouldContain("4 proven; seed 7");
    }
}
