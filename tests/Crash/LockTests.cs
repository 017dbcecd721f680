namespace Strata.Crash;

/// <summary>Two runs at once, and a run whose lock the server takes away.</summary>
[Trait("Engine", "postgres")]
public sealed class LockTests
{
    [PostgresFact]
    public async Task Build_WhileAnotherIsPublishing_RefusesAndTheNextIsRight()
    {
        using var project = new CrashProject();
        using (var first = await project.PauseAsync("publish.before_commit"))
        {
            foreach (var words in new[] { new[] { "build" }, ["build", "--select", "totals"] })
            {
                using var second = project.Start(null, words);
                var (refused, text) = await second.EndAsync();
                refused.ShouldBe(2, text);
                text.ShouldContain("ST7001");
            }
            project.Resume();
            var (exitCode, output) = await first.EndAsync();
            exitCode.ShouldBe(0, output);
        }
        var built = project.Dump();
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), built);
    }

    [PostgresFact]
    public async Task Build_LockTakenAwayByTheServer_StopsAndPublishesNothing()
    {
        using var project = new CrashProject();
        await project.BuildWellAsync();
        var gold = project.Execute("select sum(amount) from gold.totals");
        project.Land();
        using (var run = await project.PauseAsync("transfer.after"))
        {
            project
                .Execute(
                    """
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where application_name like 'strata run %' and datname = current_database()
                    """
                )
                .ShouldBe(1);
            project.Resume();
            var (exitCode, output) = await run.EndAsync();
            exitCode.ShouldBe(2, output);
            output.ShouldContain("ST7080");
        }
        project.Execute("select sum(amount) from gold.totals").ShouldBe(gold);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), (await Unharmed.DumpsAsync()).Second);
    }
}
