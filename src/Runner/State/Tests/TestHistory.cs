using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State.Tests;

/// <summary>What earlier runs have observed of tests on one connection.</summary>
public sealed class TestHistory
{
    /// <summary>Of a connection that has no history yet.</summary>
    public static readonly TestHistory Empty = new([]);

    private readonly ILookup<string, TestObservation> _byTest;

    private TestHistory(IEnumerable<TestObservation> newestFirst) =>
        _byTest = newestFirst.ToLookup(one => one.TestId);

    /// <summary>This and what is known of other tests.</summary>
    public TestHistory With(TestHistory other) =>
        new(_byTest.SelectMany(test => test).Concat(other._byTest.SelectMany(test => test)));

    /// <summary>The past of a test, newest first; empty for one that never ran.</summary>
    public IEnumerable<TestObservation> Of(string testId) => _byTest[testId];

    /// <param name="tests">Unique ids of the tests to read.</param>
    /// <param name="runs">How many runs of each at most.</param>
    /// <param name="allPassed">Only runs in which no test of the same node has failed: their rows were published.</param>
    public static async Task<TestHistory> ReadAsync(
        ISession session,
        SqlDialect dialect,
        IReadOnlyCollection<string> tests,
        int runs,
        CancellationToken cancellationToken,
        bool allPassed = false
    )
    {
        if (tests.Count == 0)
            return Empty;
        var relations = await session.ListRelationsAsync([StateTables.Schema], cancellationToken);
        if (relations.All(relation => relation.Name != TestResultTables.Results))
            return Empty;
        var table = dialect.Quote(TestResultTables.Results);
        var published = allPassed
            ? $"""
                and not exists (
                  select 1 from {table} as other
                  where other.run_id = one.run_id and other.node = one.node and other.status in ('fail', 'error')
                )
                """
            : "";
        var sql = $"""
            select run_id, test, name, node, column_name, status, failures, rows_checked, percent, observed,
              observed_number, threshold, severity, duration_us, batch_only, tested_at
            from (
              select *, row_number() over (partition by test order by tested_at desc, run_id desc) as place
              from {table} as one
              where test in ({string.Join(", ", tests.Select(dialect.QuoteString))})
              {published}
            ) as numbered
            where place <= {runs.ToString(CultureInfo.InvariantCulture)}
            order by test, place
            """;
        var rows = await session.QueryAsync(sql, int.MaxValue, cancellationToken);
        return new TestHistory(rows.Rows.Select(Read));
    }

    private static TestObservation Read(object?[] row) =>
        new()
        {
            RunId = Text(row[0]) ?? "",
            TestId = Text(row[1]) ?? "",
            Name = Text(row[2]) ?? "",
            NodeId = Text(row[3]) ?? "",
            Column = Text(row[4]),
            Status = Text(row[5]) ?? "",
            Failures = (long?)Number(row[6]),
            Checked = (long?)Number(row[7]),
            Percent = Number(row[8]),
            Observed = Text(row[9]),
            ObservedNumber = Number(row[10]),
            Threshold = Text(row[11]) ?? "",
            Severity = Text(row[12]) ?? "",
            Duration = TimeSpan.FromMicroseconds(Number(row[13]) ?? 0),
            BatchOnly = row[14] is true,
            TestedAt = row[15] is DateTimeOffset at ? at : default,
        };

    private static string? Text(object? value) => ValueText.Of(value);

    private static double? Number(object? value) =>
        value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
