using Strata.Runner.Execution;

namespace Strata.Crash;

/// <summary>Kills a build at every named step, runs it again, and compares with a build that was never killed.</summary>
[Trait("Engine", "postgres")]
public sealed class KillTests
{
    private static void LandMore(CrashProject project) =>
        project.Land(
            "2",
            "{\"id\":2,\"code\":\"b\",\"amount\":7}",
            "{\"id\":3,\"code\":\"a\",\"amount\":1}",
            "{\"id\":2,\"code\":\"b\",\"amount\":8}"
        );

    [PostgresFact]
    public async Task Build_KilledAtAnyStep_EndsAsIfItNeverWas()
    {
        using var unharmed = new CrashProject();
        await BuildWellAsync(unharmed);
        LandMore(unharmed);
        await BuildWellAsync(unharmed);
        var expected = unharmed.Dump();

        using var project = new CrashProject();
        var kills = 0;
        foreach (var name in Enum.GetValues<FailpointName>())
            kills += await KillAsync(project, $"{Failpoints.Word(name)}:kill");
        await BuildWellAsync(project);
        LandMore(project);
        // later hits of the same steps lie on the other engine
        foreach (var name in new[] { FailpointName.PublishBeforeCommit, FailpointName.PublishAfterCommit })
        {
            for (var hit = 1; hit <= 3; hit++)
                kills += await KillAsync(project, $"{Failpoints.Word(name)}:kill@{hit}");
        }
        await BuildWellAsync(project);

        project.Dump().ShouldBe(expected);
        project.CountStageSchemas().ShouldBe(0);
        kills.ShouldBeGreaterThanOrEqualTo(6, "runs that died");
    }

    private static async Task BuildWellAsync(CrashProject project)
    {
        var (exitCode, output) = await project.BuildAsync();
        exitCode.ShouldBe(0, output);
    }

    /// <returns>1 if the run died; a step that nothing led to any more is no harm.</returns>
    private static async Task<int> KillAsync(CrashProject project, string failpoint)
    {
        var (exitCode, output) = await project.BuildAsync(failpoint);
        exitCode.ShouldBeOneOf(0, 137);
        output.ShouldNotContain("ST9001");
        return exitCode == 0 ? 0 : 1;
    }
}
