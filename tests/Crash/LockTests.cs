using DuckDB.NET.Data;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>Two runs at once, and a run whose lock the server takes away.</summary>
[Trait("Engine", "postgres")]
public sealed class LockTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Build_WhileAnotherIsPublishing_RefusesAndTheNextIsRight()
    {
        using var project = await Unharmed.AcrossEngines.CopyAsync();
        project.Land();
        using (var first = await project.PauseAsync("publish.before_commit"))
        {
            foreach (var words in new[] { new[] { "build" }, ["build", "--select", "totals"] })
            {
                var (refused, text) = await project.RunAsync(null, words);
                refused.ShouldBe(2, text);
                text.ShouldContain("ST7001");
            }
            // why readers of other processes have to wait, too
            Should
                .Throw<DuckDBException>(() => project.OpenDuckDb())
                .Message.ShouldContain("Could not set lock on file");
            project.Resume();
            var (exitCode, words2) = await first.EndAsync();
            exitCode.ShouldBe(0, words2);
        }
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.AcrossEngines.AfterAsync(2));
    }

    [PostgresFact]
    public Task Build_TwoAtTheSameInstant_OneWinsAndTheOtherSaysWhy() => RaceAsync(Unharmed.AcrossEngines);

    [Fact]
    public Task Build_TwoAtTheSameInstantInOneDuckDbFile_OneWinsAndTheOtherSaysWhy() =>
        RaceAsync(Unharmed.InDuckDb);

    [PostgresFact]
    public async Task Build_LockTakenAwayByTheServer_StopsAndPublishesNothing()
    {
        using var project = await Unharmed.AcrossEngines.CopyAsync();
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
            var (exitCode, text) = await run.EndAsync();
            exitCode.ShouldBe(2, text);
            text.ShouldContain("ST7080");
        }
        project.Execute("select sum(amount) from gold.totals").ShouldBe(gold);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.AcrossEngines.AfterAsync(2));
    }

    /// <summary>Only in <c>make crash</c>: the adapter's own tests hold what a lost connection says.</summary>
    [ExhaustiveFact]
    public async Task Build_AllConnectionsButTheLocksTakenAway_SaysSoAndTheNextIsRight()
    {
        using var project = await Unharmed.AcrossEngines.CopyAsync();
        project.Land();
        using (var run = await project.PauseAsync("transfer.after"))
        {
            Convert
                .ToInt64(
                    project.Execute(
                        """
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where application_name not like 'strata run %' and datname = current_database()
                            and pid <> pg_backend_pid()
                        """
                    )
                )
                .ShouldBeGreaterThan(0);
            project.Resume();
            var (exitCode, text) = await run.EndAsync();
            exitCode.ShouldBeInRange(1, 2, text);
            text.ShouldNotContain("ST9001");
            text.ShouldContain("was lost", Case.Insensitive, text);
        }
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.AcrossEngines.AfterAsync(2));
    }

    /// <summary>
    /// Starts two builds again and again, with new rows each time. Now and then one is over before the other asks for
    /// the lock, which is right as well; but not always.
    /// </summary>
    private async Task RaceAsync(Unharmed unharmed)
    {
        using var project = await unharmed.CopyAsync();
        var refusals = 0;
        var races = CrashFigures.IsExhaustive ? 10 : 2;
        for (var i = 0; i < races; i++)
        {
            project.Land();
            var both = await Task.WhenAll(project.BuildAsync(), project.BuildAsync());
            both.ShouldContain(run => run.ExitCode == 0, $"{both[0].Output}\n{both[1].Output}");
            foreach (var (exitCode, text) in both.Where(run => run.ExitCode != 0))
            {
                exitCode.ShouldBe(2, text);
                text.ShouldContain(
                    "error ST7001: another run is writing to connection",
                    Case.Sensitive,
                    text
                );
                refusals++;
            }
        }
        refusals.ShouldBeGreaterThan(0);
        output.WriteLine($"{races} races, {refusals} refusals");
        CrashFigures.Add(races: races);
        ProjectDump.ShouldBeSame(project.Dump(), await unharmed.AfterAsync(project.Landed));
    }
}
