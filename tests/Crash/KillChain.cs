using Strata.Runner.Execution;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>Kills one project's builds one after the other, each at another step.</summary>
internal sealed class KillChain(CrashProject project, ITestOutputHelper output)
{
    private const int LastHitOfAPart = 2;

    /// <summary>What must hold whenever nobody is writing, however the last run ended.</summary>
    public Action AfterKill { get; init; } = () => { };

    public int Kills { get; private set; }

    /// <summary>All hits of all steps where there is time for that, else one of <see cref="CrashFigures.OneOf"/> steps, which the seed chooses, once.</summary>
    public async Task KillAsync(IReadOnlyList<FailpointName> steps)
    {
        output.WriteLine($"seed {CrashFigures.Seed} (STRATA_CRASH_SEED)");
        var random = new Random(CrashFigures.Seed);
        var shuffled = BuildSteps.Shuffled(steps, random).ToList();
        var count = CrashFigures.IsExhaustive
            ? shuffled.Count
            : (shuffled.Count + CrashFigures.OneOf - 1) / CrashFigures.OneOf;
        foreach (var step in shuffled.Take(count))
        {
            if (!CrashFigures.IsExhaustive)
                await DieOnceAsync(step, random.Next(1, LastHitOfAPart + 1));
            // what a build that died has published, the next one does not come by again
            for (var hit = 1; CrashFigures.IsExhaustive && await DieAsync(step, hit); hit++) { }
        }
        output.WriteLine($"{Kills} kills");
        CrashFigures.Add(kills: Kills);
    }

    private async Task DieOnceAsync(FailpointName step, int hit)
    {
        if (await DieAsync(step, BuildSteps.IsOfEachNode(step) ? hit : 1))
            return;
        // that build came to its end
        project.Land();
        (await DieAsync(step, 1)).ShouldBeTrue($"{step} was not met");
    }

    /// <returns>Whether the run died; else it came to a good end.</returns>
    private async Task<bool> DieAsync(FailpointName step, int hit)
    {
        var failpoint = $"{Failpoints.Word(step)}:kill@{hit}";
        var (exitCode, text) = await project.BuildAsync(failpoint);
        exitCode.ShouldBeOneOf([0, 137], $"{failpoint} {text}");
        if (exitCode == 0)
            return false;
        output.WriteLine($"killed: {failpoint}");
        Kills++;
        AfterKill();
        return true;
    }
}
