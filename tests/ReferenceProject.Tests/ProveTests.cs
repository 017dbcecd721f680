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
        var outcome = await project.RunAsync(
            "prove",
            "--target",
            "local",
            "--rows",
            "60",
            "--seed",
            "7",
            "--schedules",
            "3"
        );
        outcome.ShouldExitWith(0);
        outcome.Output.ShouldContain("7 proven; seed 7");
    }

    [Fact]
    public async Task Prove_InAProjectThatWasNeverBuilt_LeavesNothingBehind()
    {
        using var project = new ProjectCopy();
        project.Land(
            new SimulatorOptions
            {
                Out = "",
                Days = 1,
                Events = 20,
            }
        );
        var before = Entries(project);
        (
            await project.RunAsync(
                "prove",
                "bronze_events",
                "--target",
                "local",
                "--schedules",
                "1",
                "--rows",
                "4"
            )
        ).ShouldExitWith(0);
        Entries(project).ShouldBe(before);
    }

    private static IEnumerable<string> Entries(ProjectCopy project) =>
        Directory.EnumerateFileSystemEntries(project.Path, "*", SearchOption.AllDirectories).Order();
}
