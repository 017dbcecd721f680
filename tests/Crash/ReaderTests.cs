using System.Data;
using Npgsql;
using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>
/// Readers on Postgres while builds publish one after the other: the gold tables hold the same orders at every
/// instant. DuckDB has no such readers: its file belongs to the process that writes.
/// </summary>
[Trait("Engine", "postgres")]
public sealed class ReaderTests(ITestOutputHelper output)
{
    private const string Totals = "select coalesce(sum(amount), -1)::text from gold.totals";
    private const string Latest = "select coalesce(sum(amount), -1)::text from gold.latest";
    private const string View = "select coalesce(max(amount), -1)::text from gold.grand_total";

    [PostgresFact]
    public async Task Build_WhileOthersRead_ShowsEveryReaderOneRun()
    {
        using var project = new CrashProject();
        await project.BuildWellAsync();
        using var over = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var readers = Enumerable
            .Range(0, 4)
            .Select(i => Task.Run(() => Read(project, oneStatement: i % 2 == 0, seen, over.Token)))
            .ToArray();
        try
        {
            for (var i = 0; i < (CrashFigures.IsExhaustive ? 25 : 2); i++)
            {
                project.Land();
                await project.BuildWellAsync();
            }
        }
        finally
        {
            await over.CancelAsync();
        }
        var reads = (await Task.WhenAll(readers)).Sum();
        output.WriteLine($"{reads} reads, {seen.Count} states");
        reads.ShouldBeGreaterThan(100);
        seen.Count.ShouldBeGreaterThan(1, "states that readers saw");
        CrashFigures.Add(reads: reads);
    }

    private static int Read(
        CrashProject project,
        bool oneStatement,
        HashSet<string> seen,
        CancellationToken over
    )
    {
        using var connection = project.Database.Open();
        var reads = 0;
        while (!over.IsCancellationRequested)
        {
            var state = oneStatement
                ? Scalar(connection, $"select concat_ws(' ', ({Totals}), ({Latest}), ({View}))")
                : ReadInTransaction(connection);
            var parts = state.Split(' ');
            parts.Length.ShouldBe(3, state);
            parts.ShouldAllBe(
                part => part == parts[0] && part != "-1",
                $"totals, latest, grand_total: {state}"
            );
            lock (seen)
                seen.Add(state);
            reads++;
        }
        return reads;
    }

    private static string ReadInTransaction(NpgsqlConnection connection)
    {
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return string.Join(' ', new[] { Totals, Latest, View }.Select(sql => Scalar(connection, sql)));
    }

    private static string Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (string)command.ExecuteScalar()!;
    }
}
