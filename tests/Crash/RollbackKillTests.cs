using System.Text.Json;
using Strata.Runner.Execution;

namespace Strata.Crash;

/// <summary>
/// Kills a rollback at every step, on either engine, and does it again: then everything is as it was at the time,
/// and the next build ends as if nothing had been rolled back.
/// </summary>
[Trait("Engine", "postgres")]
public sealed class RollbackKillTests
{
    private static readonly (FailpointName, int)[] FromTheStart =
    [
        (FailpointName.RollbackPlanned, 1),
        (FailpointName.RollbackMidway, 1),
        (FailpointName.RollbackMidway, 4),
        (FailpointName.RollbackBeforeCommit, 1),
        (FailpointName.RollbackAfterCommit, 1),
        (FailpointName.RollbackBeforeCommit, 2),
        (FailpointName.RollbackAfterCommit, 2),
    ];

    // once one engine is back, the same command has only the other one to do
    private static readonly (FailpointName, int)[] OneAfterTheOther =
    [
        (FailpointName.RollbackPlanned, 1),
        (FailpointName.RollbackMidway, 1),
        (FailpointName.RollbackBeforeCommit, 1),
        (FailpointName.RollbackAfterCommit, 1),
        (FailpointName.RollbackMidway, 2),
        (FailpointName.RollbackBeforeCommit, 1),
        (FailpointName.RollbackAfterCommit, 1),
    ];

    [PostgresFact]
    public async Task Rollback_KilledAtAnyStep_IsFinishedByTheSameCommand()
    {
        using var project = new RollbackProject();
        await RunWellAsync(project, "build");
        var then = project.Dump();
        var run = await LastRunAsync(project);
        project.Land(
            "2",
            "{\"id\":2,\"code\":\"b\",\"amount\":7}",
            "{\"id\":3,\"code\":\"a\",\"amount\":1}",
            "{\"id\":2,\"code\":\"b\",\"amount\":8}"
        );
        await RunWellAsync(project, "build");
        var now = project.Dump();
        now.ShouldNotBe(then);

        var kills = 0;
        foreach (var (name, hit) in CrashFigures.IsExhaustive ? FromTheStart : OneAfterTheOther)
        {
            var failpoint = $"{Failpoints.Word(name)}:kill@{hit}";
            var (exitCode, output) = await project.RunAsync(["rollback", "--to", run], failpoint);
            exitCode.ShouldBe(137, failpoint + output);
            kills++;
            if (!CrashFigures.IsExhaustive)
                continue;
            await BackAndForthAsync(failpoint);
        }
        await BackAndForthAsync("all");
        CrashFigures.Add(kills: kills);

        async Task BackAndForthAsync(string failpoint)
        {
            await RunWellAsync(project, "rollback", "--to", run);
            project.Dump().ShouldBe(then, failpoint);
            await RunWellAsync(project, "build");
            project.Dump().ShouldBe(now, failpoint);
        }
    }

    [PostgresFact]
    public async Task Rollback_KilledBetweenTheEngines_AndABuildInstead_EndsWhereTheBuildWouldHave()
    {
        using var project = new RollbackProject();
        await RunWellAsync(project, "build");
        var run = await LastRunAsync(project);
        project.Land("2", "{\"id\":4,\"code\":\"b\",\"amount\":7}");
        await RunWellAsync(project, "build");
        var now = Totals(project);

        var failpoint = $"{Failpoints.Word(FailpointName.RollbackAfterCommit)}:kill";
        (await project.RunAsync(["rollback", "--to", run], failpoint)).ExitCode.ShouldBe(137);
        await RunWellAsync(project, "build");

        Totals(project).ShouldBe(now);
    }

    // the log of changes may have been read from the start again; what it adds up to may not have changed
    private static string Totals(RollbackProject project) => project.Dump().Split("gold.history")[0];

    private static async Task<string> RunWellAsync(RollbackProject project, params string[] words)
    {
        var (exitCode, output) = await project.RunAsync(words);
        exitCode.ShouldBe(0, output);
        return output;
    }

    private static async Task<string> LastRunAsync(RollbackProject project)
    {
        var output = await RunWellAsync(project, "runs", "--json", "--limit", "1");
        using var run = JsonDocument.Parse(output);
        return run.RootElement.GetProperty("run_id").GetString() ?? "";
    }
}
