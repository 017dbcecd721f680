using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.Tests.Support;

/// <summary>
/// A microbatch model <c>daily</c> straight over landed csv files with the columns <c>id</c> and <c>ts</c>; its days begin on 2026-11-18.
/// </summary>
internal static class DailyFiles
{
    /// <param name="others">The path of a second source <c>others</c>, as the first.</param>
    public static ManifestBuilder DailyProject(
        this Workbench bench,
        string select,
        Func<FilesConfig, FilesConfig>? files = null,
        Func<ModelConfig, ModelConfig>? config = null,
        string? others = null
    )
    {
        var landing = new FilesConfig(
            "in/*.csv",
            FileFormat.Csv,
            HivePartitions: false,
            [
                new ColumnInfo("id", "integer", "", [], Volatile: false),
                new ColumnInfo("ts", "timestamp", "", [], Volatile: false),
            ]
        );
        landing = files?.Invoke(landing) ?? landing;
        var project = bench.Project().Source("events", landing, eventTime: "ts");
        if (others is not null)
            project.Source("others", landing with { Path = others }, eventTime: "ts");
        return project.Model(
            "daily",
            $"select {select}",
            Materialization.Incremental,
            c =>
            {
                var daily = c with
                {
                    IncrementalStrategy = IncrementalStrategy.Microbatch,
                    EventTime = "ts",
                    BatchSize = BatchSize.Day,
                    Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                };
                return config?.Invoke(daily) ?? daily;
            }
        );
    }

    /// <param name="rows">Each half an hour into its day of November 2026.</param>
    public static void Land(this Workbench bench, string name, params (int Id, string Day)[] rows) =>
        bench.Write(
            PathOf(name),
            "id,ts\n" + string.Concat(rows.Select(row => $"{row.Id},2026-11-{row.Day} 00:30:00\n"))
        );

    public static void Unland(this Workbench bench, string name) =>
        File.Delete(Path.Combine(bench.Folder, PathOf(name)));

    public static void Rename(this Workbench bench, string from, string to) =>
        File.Move(
            Path.Combine(bench.Folder, PathOf(from)),
            Path.Combine(bench.Folder, PathOf(to)),
            overwrite: true
        );

    /// <summary>The ids that <c>daily</c> has, in order.</summary>
    public static async Task<string> DailyIdsAsync(this Workbench bench) =>
        string.Join(" ", await bench.QueryAsync("select id from main.daily order by id"));

    private static string PathOf(string name) => $"in/{name}.csv";
}
