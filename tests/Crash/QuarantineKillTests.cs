using Strata.Runner.Execution;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>Kills a replay of quarantined rows, and the dropping of those that nobody wants, at each of their steps.</summary>
[Trait("Engine", "postgres")]
public sealed class QuarantineKillTests(ITestOutputHelper output)
{
    private static readonly string[] Replay = ["quarantine", "replay", "checked", "--from", "fix.csv"];
    private static readonly string[] Drop = ["quarantine", "drop", "checked", "--yes"];

    // in the order of a run: whatever dies before the commit leaves all to do
    private static readonly FailpointName[] StepsOfReplay =
    [
        FailpointName.RunPlanned,
        FailpointName.RunSwept,
        FailpointName.RunCleaned,
        FailpointName.StageBegun,
        FailpointName.StageAfter,
        FailpointName.AuditAfter,
        FailpointName.PublishBegun,
        FailpointName.PublishMidway,
        FailpointName.PublishLedger,
        FailpointName.PublishBeforeCommit,
        FailpointName.PublishAfterCommit,
    ];

    [PostgresFact]
    public async Task ReplayAndDrop_KilledAtEachStep_EndAsIfTheyNeverWere()
    {
        using var unharmed = await WithQuarantinedRowsAsync();
        await unharmed.RunWellAsync(Replay);
        await unharmed.RunWellAsync(Drop);
        await unharmed.BuildWellAsync();

        using var project = await WithQuarantinedRowsAsync();
        var kills = 0;
        foreach (var (i, step) in StepsOfReplay.Index())
        {
            // the last is what publishes; of the others a short run takes some
            if (
                CrashFigures.IsExhaustive
                || step == StepsOfReplay[^1]
                || i % CrashFigures.OneOf == Math.Abs(CrashFigures.Seed % CrashFigures.OneOf)
            )
                await DieAsync(step, Replay);
        }
        await DieAsync(FailpointName.DropBeforeCommit, Drop);
        await DieAsync(FailpointName.DropAfterCommit, Drop);
        (await project.RunWellAsync(Drop)).ShouldContain("no open rows");
        await project.BuildWellAsync();

        ProjectDump.ShouldBeSame(project.Dump(), unharmed.Dump());
        output.WriteLine($"{kills} kills");
        CrashFigures.Add(kills: kills);

        async Task DieAsync(FailpointName step, string[] words)
        {
            var (exitCode, text) = await project.RunAsync($"{Failpoints.Word(step)}:kill", words);
            exitCode.ShouldBe(137, $"{step} {text}");
            kills++;
        }
    }

    /// <summary>Two rows are quarantined; a file corrects one of them.</summary>
    private static async Task<CrashProject> WithQuarantinedRowsAsync()
    {
        var project = await Unharmed.AcrossEngines.CopyAsync();
        project.Land();
        await project.BuildWellAsync();
        using var duckDb = project.OpenDuckDb();
        using var command = duckDb.CreateCommand();
        command.CommandText =
            "select min(_quarantine_id) from silver.checked__quarantine having count(*) = 2";
        var id = command.ExecuteScalar().ShouldBeOfType<string>();
        project.Write("fix.csv", $"_quarantine_id,amount\n{id},3\n");
        return project;
    }
}
