using Strata.Runner.Execution;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>
/// Each hit of each failpoint on a project of its own: killed (or failed) there, then run again. Only in
/// <c>make crash</c>: it takes its time.
/// </summary>
[Trait("Engine", "postgres")]
public sealed class EveryStepTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Build_StoppedOnceAtEachStep_EndsAsIfItNeverWas()
    {
        if (!CrashFigures.IsExhaustive)
            return;
        var expected = (await Unharmed.DumpsAsync()).Second;
        var kills = 0;
        foreach (var action in new[] { "kill", "error" })
        {
            foreach (var name in Enum.GetValues<FailpointName>())
            {
                for (var hit = 1; await StopAsync($"{Failpoints.Word(name)}:{action}@{hit}", expected); hit++)
                    kills += action == "kill" ? 1 : 0;
            }
        }
        output.WriteLine($"{kills} kills");
        CrashFigures.Add(kills: kills);
    }

    /// <summary>Stops the second build, and the one that recovers from that too.</summary>
    /// <returns>Whether the step was reached.</returns>
    private async Task<bool> StopAsync(string failpoint, string expected)
    {
        using var project = new CrashProject();
        await project.BuildWellAsync();
        project.Land();
        var (exitCode, text) = await project.BuildAsync(failpoint);
        text.ShouldNotContain("ST9001", Case.Sensitive, failpoint);
        if (exitCode == 0)
            return false;
        exitCode.ShouldBeOneOf([1, 2, 137], $"{failpoint} {text}");
        await project.BuildAsync(failpoint);
        var (again, words) = await project.BuildAsync();
        again.ShouldBe(0, $"{failpoint} {words}");
        ProjectDump.ShouldBeSame(project.Dump(), expected, failpoint);
        return true;
    }
}
