using System.Data;
using System.Data.Common;

namespace Strata.Crash;

/// <summary>What holds between the tables of the gold layer at every instant: they hold the same orders.</summary>
internal static class GoldInvariant
{
    private static readonly string[] Sums =
    [
        "select cast(coalesce(sum(amount), -1) as varchar) from gold.totals",
        "select cast(coalesce(sum(amount), -1) as varchar) from gold.latest",
        "select cast(coalesce(max(amount), -1) as varchar) from gold.grand_total",
    ];

    public static void OnPostgres(CrashProject project)
    {
        using var connection = project.OpenPostgres();
        Check(connection);
    }

    public static void OnDuckDb(CrashProject project)
    {
        using var connection = project.OpenDuckDb();
        Check(connection);
    }

    /// <summary>Reads the three relations in one statement.</summary>
    /// <returns>What all of them say.</returns>
    public static string Check(DbConnection connection) =>
        ShouldAgree(Scalar(connection, $"select concat_ws(' ', ({string.Join("), (", Sums)}))"));

    /// <summary>Reads them one after the other, in a transaction that sees one instant.</summary>
    public static string CheckInTransaction(DbConnection connection)
    {
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return ShouldAgree(string.Join(' ', Sums.Select(sql => Scalar(connection, sql))));
    }

    private static string ShouldAgree(string state)
    {
        var parts = state.Split(' ');
        parts.Length.ShouldBe(3, state);
        parts.ShouldAllBe(part => part == parts[0] && part != "-1", $"totals, latest, grand_total: {state}");
        return state;
    }

    private static string Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
