using System.Data.Common;
using DuckDB.NET.Data;
using Strata.Simulators.Events;
using Xunit.Abstractions;

namespace Strata.ReferenceProject.Tests;

/// <summary>A run that is killed, wherever it may be, costs nothing but the time to run it again.</summary>
public sealed class CrashTests(PostgresDatabase database, ITestOutputHelper output)
    : IClassFixture<PostgresDatabase>
{
    // the other half is for make crash
    private static readonly int Kills = Environment.GetEnvironmentVariable("STRATA_CRASH") == "all" ? 12 : 6;

    [PostgresFact]
    public async Task Build_KilledAtRandomMomentsAndRunAgain_EndsInTheGoldOfARunThatWasNot()
    {
        using var project = new ProjectCopy(database.Environment);
        var options = new SimulatorOptions
        {
            Out = "",
            Days = 12,
            Events = 40_000,
        };
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var longest = TimeSpan.FromSeconds(4);
        var killed = 0;
        for (var day = 1; day <= Kills; day++)
        {
            project.Land(options with { FromDay = day, ToDay = day });
            var after = random.NextDouble() * longest;
            var wasKilled = await project.RunAndKillAsync(after, "build");
            output.WriteLine(
                $"day {day}: {(wasKilled ? "killed" : "at its end")} after {after.TotalMilliseconds:0} ms"
            );
            if (wasKilled)
                killed++;
            else
                longest = after;
        }
        killed.ShouldBeGreaterThan(0);
        (await project.RunAsync("build")).ShouldExitWith(0);
        GoldTables.ReadPostgres(database.ConnectionString).ShouldBe(new GoldOracle(project.LandingZone).Gold);
    }

    /// <summary>Stages of runs that died: relations whose schema or name carries a run's id.</summary>
    private static IReadOnlyList<string> LeftBehind(DbConnection connection) =>
        GoldTables.Query(
            connection,
            """
            select table_schema, table_name from information_schema.tables
            where table_schema like 'strata\_2%' escape '\' or table_name like '%\_\_strata\_2%' escape '\'
            """
        );
}
