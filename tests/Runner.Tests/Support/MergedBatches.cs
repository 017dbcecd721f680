using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;

namespace Strata.Runner.Tests.Support;

/// <summary>A merge by <c>id</c> on DuckDB, of whatever lies in <c>raw.batch</c>, and a reader of its changes.</summary>
internal static class MergedBatches
{
    /// <summary>The models <c>up</c>, which merges, and <c>log</c>, which appends the changes.</summary>
    /// <param name="read">The columns that the reader selects.</param>
    public static ManifestBuilder MergeProject(
        this Workbench bench,
        Func<ModelConfig, ModelConfig>? config = null,
        string read = "*"
    ) =>
        bench
            .Project()
            .Source("batch", connection: "duck")
            .Model(
                "up",
                "select * from {batch}",
                Materialization.Incremental,
                c => (config?.Invoke(c) ?? c) with { UniqueKey = ["id"] },
                "duck"
            )
            .Model(
                "log",
                $"select {read} from {{changes up}}",
                Materialization.Incremental,
                connection: "duck"
            );

    /// <summary>Puts the rows of a query in the place of those of <c>raw.batch</c>.</summary>
    public static async Task LoadBatchAsync(this Workbench bench, string query)
    {
        await bench.ExecuteAsync("create schema if not exists raw");
        await bench.ExecuteAsync("drop table if exists raw.batch");
        await bench.ExecuteAsync($"create table raw.batch as {query}");
    }
}
