using Strata.Runner.Execution;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>Kills a build at its named steps, runs it again, and compares with a build that was never killed.</summary>
[Trait("Engine", "postgres")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int KillsOfAPart = 4;
    private static readonly string[] Words = [.. Enum.GetValues<FailpointName>().Select(Failpoints.Word)];

    /// <summary>A project that dies again and again, in the first build and in one with new, changed and late rows.</summary>
    [PostgresFact]
    public async Task Build_KilledAgainAndAgain_EndsAsIfItNeverWas()
    {
        var (first, second) = await Unharmed.DumpsAsync();

        output.WriteLine($"seed {CrashFigures.Seed} (STRATA_CRASH_SEED)");
        var random = new Random(CrashFigures.Seed);
        using var project = new CrashProject();
        var kills = await KillAsync(project, random);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), first);
        project.Land();
        kills += await KillAsync(project, random);
        await project.BuildWellAsync();

        ProjectDump.ShouldBeSame(project.Dump(), second);
        output.WriteLine($"{kills} kills");
        kills.ShouldBeGreaterThan(0);
        CrashFigures.Add(kills: kills);
    }

    private async Task<int> KillAsync(CrashProject project, Random random)
    {
        var kills = 0;
        if (!CrashFigures.IsExhaustive)
        {
            for (var i = 0; i < KillsOfAPart; i++)
                kills += await DieAsync(project, Words[random.Next(Words.Length)], random.Next(1, 5)) ? 1 : 0;
            return kills;
        }
        // each hit of each step; what a build that died has published, the next one does not come by again
        foreach (var word in Words)
        {
            for (var hit = 1; await DieAsync(project, word, hit); hit++)
                kills++;
        }
        return kills;
    }

    /// <returns>Whether the run died; a step that nothing led to any more is no harm.</returns>
    private async Task<bool> DieAsync(CrashProject project, string word, int hit)
    {
        var (exitCode, text) = await project.BuildAsync($"{word}:kill@{hit}");
        exitCode.ShouldBeOneOf([0, 137], $"{word}@{hit} {text}");
        text.ShouldNotContain("ST9001");
        if (exitCode != 0)
            output.WriteLine($"killed at {word}@{hit}");
        return exitCode != 0;
    }
}
