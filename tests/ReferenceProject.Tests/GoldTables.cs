using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Npgsql;

namespace Strata.ReferenceProject.Tests;

/// <summary>The rows of the five tables as text, in order; updated_at left out, because it is a run's own.</summary>
internal sealed record GoldTables(
    IReadOnlyList<string> DailyActiveUsers,
    IReadOnlyList<string> ConversionRateDaily,
    IReadOnlyList<string> EventsPerSourceDaily,
    IReadOnlyList<string> PurchasesPerPageDaily,
    IReadOnlyList<string> MonthlyActiveUsers
)
{
    public static GoldTables ReadDuckDb(string file)
    {
        using var connection = new DuckDBConnection($"Data Source={file};ACCESS_MODE=READ_ONLY");
        connection.Open();
        return Read(connection);
    }

    public static GoldTables ReadPostgres(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        return Read(connection);
    }

    public void ShouldBe(GoldTables expected)
    {
        DailyActiveUsers.ShouldBe(expected.DailyActiveUsers);
        ConversionRateDaily.ShouldBe(expected.ConversionRateDaily);
        EventsPerSourceDaily.ShouldBe(expected.EventsPerSourceDaily);
        PurchasesPerPageDaily.ShouldBe(expected.PurchasesPerPageDaily);
        MonthlyActiveUsers.ShouldBe(expected.MonthlyActiveUsers);
    }

    private static GoldTables Read(DbConnection connection) =>
        new(
            Query(connection, "select event_date, dau_count from gold.daily_active_users"),
            Query(
                connection,
                "select event_date, conversion_rate, total_purchases, dau_count from gold.conversion_rate_daily"
            ),
            Query(connection, "select event_date, source, event_count from gold.events_per_source_daily"),
            Query(connection, "select event_date, page, purchase_count from gold.purchases_per_page_daily"),
            Query(connection, "select event_month, mau_count from gold.monthly_active_users")
        );

    public static IReadOnlyList<string> Query(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(
                string.Join(
                    " | ",
                    Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))
                )
            );
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string Text(object value) =>
        value switch
        {
            DateTime date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
