using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Quarantine;

/// <summary>
/// A history in which rows failed, were corrected and replayed ends in the tables of one in which they were right
/// at once: in the model, and in what reads its changes.
/// </summary>
public abstract class ReplayPropertyTests(string connection, PostgresDatabase? postgres)
{
    private const int Histories = 2;

    /// <param name="IsBad">Landed with a value that the rule rejects.</param>
    public sealed record Row(int? Id, int? Sequence, int Value, bool IsBad);

    /// <param name="ReplaysAfter">Whether what is quarantined by then is corrected and replayed.</param>
    /// <param name="Parity">Of those, only rows whose value is even (0) or odd (1); 2 for all.</param>
    public sealed record Batch(Row[] Rows, bool ReplaysAfter, int Parity);

    public sealed record History(Batch[] Batches)
    {
        public override string ToString() =>
            string.Join(
                "\n",
                Batches.Select(batch =>
                    string.Join(
                        " ",
                        batch.Rows.Select(r =>
                            $"({r.Id?.ToString(CultureInfo.InvariantCulture) ?? "-"} s{r.Sequence} v{r.Value}{(r.IsBad ? "!" : "")})"
                        )
                    ) + (batch.ReplaysAfter ? $" replay {batch.Parity}" : "")
                )
            );
    }

    [Theory]
    [InlineData("append")]
    [InlineData("merge")]
    [InlineData("sequence")]
    public void ReplayedHistory_EqualsOneThatNeverFailed(string mode) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(
                HistoryOf(mode).ToArbitrary(),
                history => RunAsync(mode, history).GetAwaiter().GetResult()
            )
        );

    private static Gen<History> HistoryOf(string mode) =>
        from count in Gen.Choose(2, 4)
        from batches in Gen.ArrayOf(BatchOf(mode), count)
        select new History(batches);

    private static Gen<Batch> BatchOf(string mode) =>
        from size in Gen.Choose(1, 5)
        from rows in Gen.ArrayOf(RowOf(), size)
        from replays in Gen.Elements(true, false)
        from parity in Gen.Choose(0, 2)
        select new Batch(
            // two rows that nothing tells apart would be an error, or a tie, in the history that never failed
            mode switch
            {
                "append" => rows,
                "merge" => [.. rows.DistinctBy(row => row.Id)],
                _ => [.. rows.DistinctBy(row => (row.Id, row.Sequence))],
            },
            replays,
            parity
        );

    private static Gen<Row> RowOf() =>
        from id in Gen.Elements<int?>(null, 1, 2, 3)
        from sequence in Gen.Elements<int?>(null, 1, 2, 3)
        from value in Gen.Choose(1, 9)
        from isBad in Gen.Frequency((2, Gen.Constant(true)), (3, Gen.Constant(false)))
        select new Row(id, sequence, value, isBad);

    private async Task RunAsync(string mode, History history)
    {
        await using var bench = new Workbench(postgres);
        try
        {
            var project = Project(bench, mode);
            await bench.ExecuteAsync("create schema if not exists raw", connection);
            foreach (var batch in history.Batches)
            {
                await LoadAsync(bench, "good", batch.Rows.Select(row => Values(row, row.Value)));
                await LoadAsync(
                    bench,
                    "bad",
                    batch.Rows.Select(row => Values(row, row.IsBad ? -row.Value : row.Value))
                );
                (await bench.BuildAsync(project)).ShouldSucceed();
                if (batch.ReplaysAfter)
                    await ReplayAsync(bench, project, batch.Parity);
            }
            await ReplayAsync(bench, project, 2);
            // the changes of the last replay reach their reader
            foreach (var name in new[] { "good", "bad" })
                await LoadAsync(bench, name, []);
            (await bench.BuildAsync(project)).ShouldSucceed();

            foreach (var table in new[] { "", "_log" })
            {
                var expected = await RowsAsync(bench, $"good{table}");
                (await RowsAsync(bench, $"bad{table}")).ShouldBe(expected, $"bad{table} after\n{history}");
            }
        }
        finally
        {
            if (connection == "pg")
                await bench.ExecuteAsync(
                    "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                    "pg"
                );
        }
    }

    private async Task ReplayAsync(Workbench bench, Support.ManifestBuilder project, int parity)
    {
        var exists = await bench.QueryAsync(
            "select 1 from information_schema.tables where table_name = 'bad__quarantine'",
            connection
        );
        if (exists.Length == 0)
            return;
        await bench.ExecuteAsync(
            "update main.bad__quarantine set v = -v where _quarantine_status = 'open' and v < 0"
                + (parity == 2 ? "" : $" and abs(v) % 2 = {parity}"),
            connection
        );
        (
            await bench.BuildAsync(
                project,
                request =>
                    request with
                    {
                        Selected = ["model.shop.bad"],
                        Replay = new ReplayRequest("model.shop.bad"),
                    }
            )
        ).ShouldSucceed();
    }

    private Support.ManifestBuilder Project(Workbench bench, string mode)
    {
        var project = bench.Project();
        foreach (var name in new[] { "good", "bad" })
        {
            project
                .Source($"{name}_batch", connection: connection)
                .Model(
                    name,
                    $"select * from {{{name}_batch}}",
                    Materialization.Incremental,
                    config =>
                        mode switch
                        {
                            "append" => config,
                            "merge" => config with { UniqueKey = ["id"] },
                            _ => config with { UniqueKey = ["id"], SequenceBy = "s" },
                        },
                    connection
                )
                .Model(
                    $"{name}_log",
                    $"select id, s, v from {{changes {name}}} where _change <> 'delete'",
                    Materialization.Incremental,
                    config => mode == "append" ? config : config with { UniqueKey = ["id"] },
                    connection,
                    incremental: mode == "append"
                        ? $"select id, s, v from {{changes {name}}}"
                        : $"select id, s, v from (select *, row_number() over (partition by id order by _change_batch desc) as n "
                            + $"from {{changes {name}}}) as c where n = 1"
                );
        }
        return project.Expect(
            "bad",
            "expect",
            null,
            new TestConfig { Severity = TestSeverity.Quarantine },
            ("expression", "v > 0", null)
        );
    }

    private async Task LoadAsync(Workbench bench, string name, IEnumerable<string> values)
    {
        await bench.ExecuteAsync($"drop table if exists raw.{name}_batch", connection);
        await bench.ExecuteAsync($"create table raw.{name}_batch (id int, s int, v int)", connection);
        var rows = string.Join(", ", values);
        if (rows.Length > 0)
            await bench.ExecuteAsync($"insert into raw.{name}_batch values {rows}", connection);
    }

    private async Task<string[]> RowsAsync(Workbench bench, string table) =>
        [
            .. (await bench.QueryAsync($"select id, s, v from main.{table}", connection)).Order(
                StringComparer.Ordinal
            ),
        ];

    private static string Values(Row row, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"({Text(row.Id)}, {Text(row.Sequence)}, {value})");

    private static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}

public sealed class DuckDbReplayPropertyTests() : ReplayPropertyTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresReplayPropertyTests(PostgresDatabase database)
    : ReplayPropertyTests("pg", database),
        IClassFixture<PostgresDatabase>;
