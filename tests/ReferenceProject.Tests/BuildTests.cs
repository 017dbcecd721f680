using DuckDB.NET.Data;
using Strata.Simulators.Events;

namespace Strata.ReferenceProject.Tests;

/// <summary>The reference project on simulated events, held against figures that were worked out without SQL.</summary>
public sealed class BuildTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly SimulatorOptions TenDays = new()
    {
        Out = "",
        Days = 10,
        Events = 6_000,
    };

    [Fact]
    public async Task Build_OnTargetLocal_GivesTheFiguresOfTheLandedFiles()
    {
        using var project = new ProjectCopy();
        project.Land(TenDays);
        (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        var oracle = new GoldOracle(project.LandingZone);
        LocalGold(project).ShouldBe(oracle.Gold);
        LocalCounts(project).ShouldBe((oracle.Lines, oracle.Events, oracle.Repeated, oracle.Rejected));
        SignedIn(project).ShouldBe(oracle.SignedIn);
    }

    [PostgresFact]
    public async Task Build_OnTargetDev_GivesTheSameGoldAsOnTargetLocal()
    {
        using var project = new ProjectCopy(database.Environment);
        project.Land(TenDays);
        (await project.RunAsync("build")).ShouldExitWith(0);
        (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        var gold = GoldTables.ReadPostgres(database.ConnectionString);
        gold.ShouldBe(new GoldOracle(project.LandingZone).Gold);
        LocalGold(project).ShouldBe(gold);
    }

    [Fact]
    public async Task Build_DayByDay_GivesTheSameAsAFullRefresh()
    {
        using var project = new ProjectCopy();
        foreach (var day in Enumerable.Range(7, 4))
        {
            project.Land(TenDays with { FromDay = day == 7 ? 1 : day, ToDay = day });
            (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        }
        var oracle = new GoldOracle(project.LandingZone);
        LocalGold(project).ShouldBe(oracle.Gold);
        LocalCounts(project).ShouldBe((oracle.Lines, oracle.Events, oracle.Repeated, oracle.Rejected));
        SignedIn(project).ShouldBe(oracle.SignedIn);

        (await project.RunAsync("build", "--target", "local", "--full-refresh")).ShouldExitWith(0);
        LocalGold(project).ShouldBe(oracle.Gold);
        LocalCounts(project).ShouldBe((oracle.Lines, oracle.Events, oracle.Repeated, oracle.Rejected));
    }

    [Fact]
    public async Task FullRefreshOfBronzeAlone_TheNextBuildCountsNothingTwice()
    {
        using var project = new ProjectCopy();
        foreach (var day in (int[])[7, 8])
        {
            project.Land(TenDays with { FromDay = day == 7 ? 1 : day, ToDay = day });
            (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        }
        var gold = LocalGold(project);
        var counts = LocalCounts(project);

        (
            await project.RunAsync("build", "--target", "local", "--full-refresh", "-s", "bronze_events")
        ).ShouldExitWith(0);
        (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);

        LocalGold(project).ShouldBe(gold);
        LocalCounts(project).ShouldBe(counts);
    }

    private static IReadOnlyList<string> SignedIn(ProjectCopy project)
    {
        using var connection = new DuckDBConnection(
            $"Data Source={LocalFile(project)};ACCESS_MODE=READ_ONLY"
        );
        connection.Open();
        return GoldTables.Query(connection, "select user_id, source from silver.silver_signed_in");
    }

    private static GoldTables LocalGold(ProjectCopy project) => GoldTables.ReadDuckDb(LocalFile(project));

    private static (long Lines, long Events, long Repeated, long Rejected) LocalCounts(ProjectCopy project)
    {
        using var connection = new DuckDBConnection(
            $"Data Source={LocalFile(project)};ACCESS_MODE=READ_ONLY"
        );
        connection.Open();
        long Count(string sql) => long.Parse(GoldTables.Query(connection, sql).Single());
        return (
            Count("select count(*) from bronze.bronze_events"),
            Count("select count(*) from silver.silver_events"),
            Count("select cast(sum(arrivals - 1) as bigint) from silver.silver_events"),
            Count("select count(*) from silver.silver_events_rejected")
        );
    }

    private static string LocalFile(ProjectCopy project) => Path.Combine(project.Path, "local.duckdb");
}
