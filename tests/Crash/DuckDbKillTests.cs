using Strata.Runner.Execution;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>All layers in one DuckDB file, which others can read whenever no run has it open: also after one that died.</summary>
public sealed class DuckDbKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Build_KilledAtEachStepOfPublishing_ShowsEveryReaderOneRun()
    {
        using var project = await Unharmed.InDuckDb.CopyAsync();
        project.Land();
        var chain = new KillChain(project, output) { AfterKill = () => GoldInvariant.OnDuckDb(project) };
        await chain.KillAsync([
            .. BuildSteps.OfLater.Where(step =>
                CrashFigures.IsExhaustive
                    // one file has nothing to bring from one engine to the other
                    ? step is not (FailpointName.TransferMidway or FailpointName.TransferAfter)
                    : step is >= FailpointName.PublishBegun and <= FailpointName.PublishAfterCommit
            ),
        ]);
        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), await Unharmed.InDuckDb.AfterAsync(project.Landed));
    }
}
