using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>A project whose first build dies again and again, at one step after the other.</summary>
[Trait("Engine", "postgres")]
public sealed class FirstBuildKillTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task FirstBuild_KilledAtEachStep_EndsAsIfItNeverWas()
    {
        using var project = CrashProject.New();
        var chain = new KillChain(project, output);
        await chain.KillAsync(BuildSteps.OfFirst);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.AcrossEngines.AfterAsync(project.Landed));
    }
}

/// <summary>The same for a build that finds new, changed and late rows.</summary>
[Trait("Engine", "postgres")]
public sealed class LaterBuildKillTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task LaterBuild_KilledAtEachStep_EndsAsIfItNeverWas()
    {
        using var project = await Unharmed.AcrossEngines.CopyAsync();
        project.Land();
        var chain = new KillChain(project, output) { AfterKill = () => GoldInvariant.OnPostgres(project) };
        await chain.KillAsync(BuildSteps.OfLater);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.AcrossEngines.AfterAsync(project.Landed));
    }
}
