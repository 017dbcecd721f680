using Strata.Runner.Execution;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>
/// Each hit of each failpoint on a project of its own: killed there, and killed again while it recovers, or failed.
/// Only in <c>make crash</c>: it takes its time.
/// </summary>
[Trait("Engine", "postgres")]
public sealed class EveryStepTests(ITestOutputHelper output)
{
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 2 };
    private int _kills;
    private int _failures;

    [ExhaustiveFact]
    public async Task Build_StoppedOnceAtEachStep_EndsAsIfItNeverWas()
    {
        var problems = new List<string>();
        await Parallel.ForEachAsync(
            from action in new[] { "kill", "error" }
            from name in BuildSteps.OfLater
            select $"{Failpoints.Word(name)}:{action}",
            AtOnce,
            async (step, _) =>
            {
                try
                {
                    for (var hit = 1; await StopAsync($"{step}@{hit}"); hit++) { }
                }
                catch (Exception e) when (e is ShouldAssertException or TaskCanceledException)
                {
                    // the other steps have something to say, too
                    lock (problems)
                        problems.Add($"{step}: {e.Message}");
                }
            }
        );
        output.WriteLine($"{_kills} kills, {_failures} failures");
        CrashFigures.Add(kills: _kills, failures: _failures);
        string.Join("\n\n", problems).ShouldBe("");
        _kills.ShouldBeGreaterThan(BuildSteps.OfLater.Count);
    }

    /// <summary>Stops the second build, and the one that recovers from a kill, too.</summary>
    /// <returns>Whether the step was reached.</returns>
    private async Task<bool> StopAsync(string failpoint)
    {
        using var project = await Unharmed.AcrossEngines.CopyAsync();
        project.Land();
        var (exitCode, text) = await project.BuildAsync(failpoint);
        if (exitCode == 0)
            return false;
        var isKilled = exitCode == 137;
        exitCode.ShouldBeOneOf([1, 2, 137], $"{failpoint} {text}");
        if (isKilled)
        {
            Interlocked.Increment(ref _kills);
            if ((await project.BuildAsync(failpoint)).ExitCode == 137)
                Interlocked.Increment(ref _kills);
        }
        else
        {
            text.ShouldContain("ST7016", Case.Sensitive, failpoint);
            Interlocked.Increment(ref _failures);
        }
        GoldInvariant.OnPostgres(project);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.AcrossEngines.AfterAsync(2), failpoint);
        return true;
    }
}
