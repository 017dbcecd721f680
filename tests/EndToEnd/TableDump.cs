using DuckDB.NET.Data;
using Npgsql;

namespace Strata.EndToEnd;

/// <summary>Rows as csv, written by the engines themselves: nothing of the product is between them and the test.</summary>
internal static class TableDump
{
    public static async Task<string> DuckDbAsync(string file, string query)
    {
        using var output = new TemporaryFolder();
        var csv = output.Combine("rows.csv");
        await using var connection = new DuckDBConnection($"Data Source={file}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"set timezone = 'UTC'; copy ({query}) to '{csv}' (format csv, header)";
        await command.ExecuteNonQueryAsync();
        return await File.ReadAllTextAsync(csv);
    }

    public static async Task<string> PostgresAsync(PostgresDatabase database, string query)
    {
        await using var connection = database.Open();
        await using (var command = new NpgsqlCommand("set timezone = 'UTC'", connection))
            await command.ExecuteNonQueryAsync();
        using var rows = await connection.BeginTextExportAsync(
            $"copy ({query}) to stdout (format csv, header)"
        );
        return await rows.ReadToEndAsync();
    }
}
