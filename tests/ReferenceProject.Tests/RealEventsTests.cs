using DuckDB.NET.Data;

namespace Strata.ReferenceProject.Tests;

/// <summary>
/// The reference project's silver and gold on real tracker events. Only bronze is other: testdata/real_events maps the
/// trackers' fields to the shop's. The expected figures were counted from the files themselves.
/// </summary>
public sealed class RealEventsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [RealEventsFact]
    public async Task Build_OnTargetLocal_CountsWhatTheFilesHold()
    {
        using var project = CreateProject();
        (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        using var connection = new DuckDBConnection(
            $"Data Source={Path.Combine(project.Path, "local.duckdb")};ACCESS_MODE=READ_ONLY"
        );
        connection.Open();
        Row("select count(*) from bronze.bronze_events").ShouldBe("1122");
        Row(
                "select count(*), count(distinct user_id), cast(sum(arrivals) as bigint) from silver.silver_events"
            )
            .ShouldBe("1118 | 190 | 1122");
        Row("select count(*) from silver.silver_events_rejected").ShouldBe("0");
        GoldTables
            .Query(connection, "select event_type, count(*) from silver.silver_events group by event_type")
            .ShouldBe(["click | 1065", "login | 12", "logout | 13", "purchase | 28"]);
        var gold = GoldTables.ReadDuckDb(Path.Combine(project.Path, "local.duckdb"));
        gold.DailyActiveUsers.Count.ShouldBe(50);
        gold.DailyActiveUsers[0].ShouldBe("2020-07-03 | 1");
        gold.DailyActiveUsers[^1].ShouldBe("2022-12-22 | 1");
        gold.PurchasesPerPageDaily.ShouldBe([
            "2022-10-25 | /order-complete | 9",
            "2022-11-17 | /order-complete | 1",
            "2022-11-20 | (none) | 1",
            "2022-11-28 | /order-complete | 9",
            "2022-11-29 | /order-complete | 5",
            "2022-12-22 | /order-complete | 3",
        ]);
        gold.ConversionRateDaily.ShouldContain("2022-10-25 | 0.3333333333333333 | 9 | 15");
        gold.ConversionRateDaily.ShouldContain("2022-12-22 | 1 | 3 | 1");

        string Row(string sql) => GoldTables.Query(connection, sql).Single();
    }

    [RealEventsFact(onPostgres: true)]
    public async Task Build_OnTargetDev_GivesTheSameGoldAsOnTargetLocal()
    {
        using var project = CreateProject(database.Environment);
        (await project.RunAsync("build")).ShouldExitWith(0);
        (await project.RunAsync("build", "--target", "local")).ShouldExitWith(0);
        GoldTables
            .ReadPostgres(database.ConnectionString)
            .ShouldBe(GoldTables.ReadDuckDb(Path.Combine(project.Path, "local.duckdb")));
    }

    private static ProjectCopy CreateProject(IReadOnlyDictionary<string, string>? environment = null)
    {
        var project = new ProjectCopy(environment);
        project.Write("models/bronze/bronze_events.sql", TestData("bronze_events.sql"));
        project.Write(
            "models/bronze/sources.yml",
            TestData("sources.yml").Replace("{corpora}", Corpora.Root)
        );
        return project;
    }

    private static string TestData(string file) =>
        File.ReadAllText(
            RepositoryRoot.Combine("tests", "ReferenceProject.Tests", "testdata", "real_events", file)
        );
}
