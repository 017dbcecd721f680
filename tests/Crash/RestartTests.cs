using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>Postgres goes away in the middle of a run, and comes back with what was committed. Only in <c>make crash</c>.</summary>
[Trait("Engine", "postgres")]
public sealed class RestartTests(ITestOutputHelper output)
{
    [ExhaustiveFact]
    public async Task Build_PostgresStoppedInTheMiddle_StopsAndTheNextEndsRight()
    {
        var expected = await Unharmed.AcrossEngines.AfterAsync(2);
        var restarts = 0;
        using var cluster = new OwnCluster();
        // while rows are on their way, while they are tested, while they are published
        foreach (
            var (step, hit) in new[]
            {
                ("transfer.after", 1),
                ("audit.after", 9),
                ("publish.before_commit", 8),
            }
        )
        {
            cluster.DropTables();
            using var project = CrashProject.On(cluster);
            await project.BuildWellAsync();
            project.Land();
            using (var run = await project.PauseAsync(step, hit))
            {
                cluster.StopImmediately();
                project.Resume();
                var (exitCode, text) = await run.EndAsync();
                exitCode.ShouldBe(2, $"{step} {text}");
                text.ShouldContain("ST7080", Case.Sensitive, $"{step} {text}");
                text.ShouldNotContain("ST9001", Case.Sensitive, step);
            }
            cluster.Start();
            restarts++;
            await project.BuildWellAsync();
            ProjectDump.ShouldBeSame(project.Dump(), expected, step);
        }
        output.WriteLine($"{restarts} restarts");
        CrashFigures.Add(restarts: restarts);
    }
}
