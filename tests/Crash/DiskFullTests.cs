using Npgsql;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>The disk fills up while rows are staged: nothing is published, the words are clear, and with room again all is well.</summary>
[Trait("Engine", "postgres")]
public sealed class DiskFullTests(ITestOutputHelper output)
{
    private const int Rows = 20_000;
    private const int Megabytes = 96;
    private const long Room = 256 * 1024;

    [SmallDiskFact]
    public async Task Build_NoRoomForDuckDb_PublishesNothingAndTheNextEndsRight()
    {
        using var disk = new SmallDisk(Megabytes);
        using var project = await Unharmed.AcrossEngines.CopyAsync();
        project.MoveDuckDbTo(disk.Folder);
        await FillUpAsync(project, disk);
    }

    /// <summary>Only in <c>make crash</c>: it needs a server of its own.</summary>
    [ExhaustiveFact(needsSmallDisk: true)]
    public async Task Build_NoRoomForPostgres_PublishesNothingAndTheNextEndsRight()
    {
        using var disk = new SmallDisk(Megabytes);
        using var cluster = new OwnCluster();
        using (var connection = cluster.Open("postgres"))
        {
            using var command = new NpgsqlCommand(
                $"create tablespace small location '{disk.FolderOf("postgres")}'",
                connection
            );
            command.ExecuteNonQuery();
        }
        cluster.DropTables(tablespace: "small");
        using var project = CrashProject.On(cluster);
        using var elsewhere = new TemporaryFolder();
        await project.BuildWellAsync();
        project.MoveDuckDbTo(elsewhere.Path);
        await FillUpAsync(project, disk);
    }

    private async Task FillUpAsync(CrashProject project, SmallDisk disk)
    {
        using var unharmed = await Unharmed.AcrossEngines.CopyAsync();
        using var elsewhere = new TemporaryFolder();
        unharmed.MoveDuckDbTo(elsewhere.Path);
        unharmed.Land(CrashFiles.Many(Rows));
        await unharmed.BuildWellAsync();

        var gold = project.Execute("select sum(amount) from gold.totals");
        project.Land(CrashFiles.Many(Rows));
        disk.Fill(Room);
        var (exitCode, text) = await project.BuildAsync();
        output.WriteLine(text);
        exitCode.ShouldBeOneOf([1, 2], text);
        text.ShouldContain("ST5009", Case.Sensitive, text);
        text.ShouldContain("No space left on device", Case.Sensitive, text);
        disk.MakeRoom();
        project.Execute("select sum(amount) from gold.totals").ShouldBe(gold);
        GoldInvariant.OnPostgres(project);

        await project.BuildWellAsync();
        ProjectDump.ShouldBeSame(project.Dump(), unharmed.Dump());
        CrashFigures.Add(fullDisks: 1);
    }
}
