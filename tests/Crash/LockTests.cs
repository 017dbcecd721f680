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
        project.Dump().ShouldBe(built);
    }

    [PostgresTheory]
    [InlineData("run.cleaned")]
    [InlineData("transfer.after")]
    public async Task Build_LockTakenAwayByTheServer_StopsAndPublishesNothing(string failpoint)
    {
        using var project = new CrashProject();
        await project.BuildWellAsync();
        var gold = project.Execute("select sum(amount) from gold.totals");
        project.Land();
        using (var run = await project.PauseAsync(failpoint))
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
        using var unharmed = new CrashProject();
        await unharmed.BuildWellAsync();
        unharmed.Land();
        await unharmed.BuildWellAsync();
        project.Dump().ShouldBe(unharmed.Dump());
    }
}
