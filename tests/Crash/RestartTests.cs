namespace Strata.Crash;

/// <summary>Postgres goes away in the middle of a run, and comes back with what was committed. Only in <c>make crash</c>.</summary>
[Trait("Engine", "postgres")]
public sealed class RestartTests
{
    [PostgresFact]
    public async Task Build_PostgresStoppedInTheMiddle_StopsAndTheNextEndsRight()
    {
        if (!CrashFigures.IsExhaustive)
            return;
        var expected = (await Unharmed.DumpsAsync()).Second;
        var restarts = 0;
        // while rows are on their way, while they are tested, while they are published
        foreach (var step in new[] { "transfer.after@1", "audit.after@9", "publish.before_commit@8" })
        {
            using var cluster = new OwnCluster();
            using var project = new CrashProject(cluster);
            await project.BuildWellAsync();
            project.Land();
            var parts = step.Split('@');
            using (var run = await project.PauseAsync(parts[0], int.Parse(parts[1])))
            {
                cluster.StopImmediately();
                project.Resume();
                var (exitCode, output) = await run.EndAsync();
                exitCode.ShouldBe(2, $"{step} {output}");
                output.ShouldContain("ST7080", Case.Sensitive, $"{step} {output}");
                output.ShouldNotContain("ST9001", Case.Sensitive, step);
            }
            cluster.Start();
            restarts++;
            await project.BuildWellAsync();
            ProjectDump.ShouldBeSame(project.Dump(), expected, step);
        }
        CrashFigures.Add(restarts: restarts);
    }
}
