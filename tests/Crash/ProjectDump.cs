using System.Data.Common;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Strata.Runner.Planning;

namespace Strata.Crash;

/// <summary>
/// Every file of the project's folder by name, and every row of every table and view of both engines, bookkeeping and
/// hidden tables included, as text: without what may differ between two ways to the same end, which is when it was
/// done and by which run. Nothing temporary may be among them.
/// </summary>
internal static partial class ProjectDump
{
    // when and by whom; how long it took
    private static readonly HashSet<string> Volatile =
    [
        "run_id",
        "published_at",
        "known_until",
        "duration_us",
        "_ingested_at",
        "_quarantine_at",
        "_quarantine_run",
    ];

    // results of tests are history: a run that died has tested, too
    private static readonly HashSet<string> Histories =
    [
        "_strata.test_results",
        "_strata.runs",
        "_strata.failures",
    ];

    // each period of a microbatch model is published by itself, so after a run that died in between some are published
    // once more: what comes of it is compared, not how often it was written down
    private const string InPeriods = "model.crash.by_year|";

    /// <param name="openPostgres">Null where the project has no tables there.</param>
    public static string Read(string folder, string duckDbFile, Func<DbConnection>? openPostgres)
    {
        var files = string.Join('\n', Files(folder));
        using var duckDb = new DuckDBConnection($"Data Source={duckDbFile}");
        duckDb.Open();
        using var postgres = openPostgres?.Invoke();
        return $"-- files\n{files}\n-- duckdb\n{Read(duckDb)}\n-- postgres\n{(postgres is null ? "" : Read(postgres))}";
    }

    /// <summary>Says which lines differ, not what thousands of lines are.</summary>
    public static void ShouldBeSame(string actual, string expected, string? after = null)
    {
        var (have, want) = (actual.Split('\n'), expected.Split('\n'));
        var missing = want.Except(have).Select(line => $"- {line}");
        var surplus = have.Except(want).Select(line => $"+ {line}");
        var differences = string.Join('\n', missing.Concat(surplus));
        if (differences.Length > 0 || have.Length != want.Length)
            throw new ShouldAssertException(
                $"{after}: {have.Length} lines, not {want.Length}\n{differences}"
            );
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal);

    private static string Read(DbConnection connection)
    {
        var columns = Query(
            connection,
            """
            select table_schema, table_name, column_name from information_schema.columns
            where table_schema not in ('information_schema', 'pg_catalog') order by 1, 2, ordinal_position
            """
        );
        var tables = columns
            .Select(row => row.Split('|'))
            .GroupBy(row => $"{row[0]}.{row[1]}", row => row[2])
            .Where(table => !Histories.Contains(table.Key) && !IsKeptForRollback(table.Key))
            .Select(table =>
            {
                var kept = table.Where(column => !Volatile.Contains(column)).Select(Text);
                var name = string.Join('.', table.Key.Split('.').Select(part => $"\"{part}\""));
                var rows = Query(connection, $"select {string.Join(", ", kept)} from {name}")
                    .Select(row => Instants().Replace(RunIds().Replace(row, "<run>"), "<now>"))
                    .Where(row =>
                        table.Key != "_strata.ledger" || !row.StartsWith(InPeriods, StringComparison.Ordinal)
                    )
                    .Select(WithoutPublishes)
                    .Order(StringComparer.Ordinal);
                return $"{RunIds().Replace(table.Key, "<run>")}\n  {string.Join("\n  ", rows)}";
            });
        var names = Query(
            connection,
            """
            select schema_name from information_schema.schemata
            union select table_name from information_schema.tables
            """
        );
        names.Where(RunId.IsStageName).ShouldBeEmpty("stages that were left behind");
        return string.Join('\n', tables.Order(StringComparer.Ordinal));
    }

    // how many runs it took to get here is history, too, and old versions are kept by runs
    private static bool IsKeptForRollback(string table) =>
        table.StartsWith("_strata.kept", StringComparison.Ordinal)
        || table.StartsWith("_strata_kept.", StringComparison.Ordinal)
        || table.Contains("__strata_kept_", StringComparison.Ordinal);

    private static string WithoutPublishes(string row) =>
        row.StartsWith(InPeriods, StringComparison.Ordinal) ? Number().Replace(row, "|<n>", 1) : row;

    private static string Text(string column) => $"cast(\"{column}\" as varchar)";

    private static List<string> Query(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(
                string.Join(
                    '|',
                    Enumerable
                        .Range(0, reader.FieldCount)
                        .Select(i => reader.IsDBNull(i) ? "null" : reader.GetString(i))
                )
            );
        }
        return rows;
    }

    [GeneratedRegex("[0-9]{8}[tT][0-9]{6}[-_][0-9a-f]{4}")]
    private static partial Regex RunIds();

    [GeneratedRegex(@"\|[0-9]+(?=\||$)")]
    private static partial Regex Number();

    // no instant of the project's own data has a fraction
    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}\.[0-9]+(\+00)?")]
    private static partial Regex Instants();
}
