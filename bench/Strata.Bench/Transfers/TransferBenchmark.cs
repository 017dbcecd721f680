using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Transfers;

namespace Strata.Bench.Transfers;

/// <summary>
/// Rows of ten columns from DuckDB into Postgres, beside a COPY of the very same rows from a file in Postgres's
/// own binary format: that is the least that any transfer could cost. Each runs into an empty unlogged table,
/// in turns.
/// </summary>
internal sealed class TransferBenchmark(string name, long rows, int rounds) : IBenchmark
{
    private const double Budget = 1.25;

    private static readonly RelationName Stage = new("public", "stage");

    public string Name => name;

    public void Run(TextWriter output) => RunAsync(output).GetAwaiter().GetResult();

    private async Task RunAsync(TextWriter output)
    {
        await using var engines = new TransferEngines();
        await using var from = await engines.DuckDb.OpenSessionAsync(CancellationToken.None);
        await using var to = await engines.Postgres.OpenSessionAsync(CancellationToken.None);
        await using var second = await engines.Postgres.OpenSessionAsync(CancellationToken.None);
        await PrepareAsync(engines, from, to);

        var (files, transfers, parallel) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            files.Add(await TimeAsync(to, () => CopyFileAsync(engines)));
            transfers.Add(await TimeAsync(to, () => TransferAsync(from, [to])));
            parallel.Add(await TimeAsync(to, () => TransferAsync(from, [to, second])));
        }
        var file = Median(files);
        Write(
            output,
            $"{rows:N0} rows x 10 columns, {new FileInfo(engines.CopyFile).Length / 1e6:0} MB as binary copy, median of {rounds}"
        );
        Report(output, "copy of a prepared file", file, file);
        Report(output, "transfer, 1 stream", Median(transfers), file);
        Report(output, "transfer, 2 streams", Median(parallel), file);
        Write(
            output,
            $"budget for 1 stream: {Budget:0.00}x; peak memory of this process: {PeakMegabytes():0} MB (duckdb limited to {TransferEngines.MemoryLimit})"
        );
    }

    private async Task PrepareAsync(TransferEngines engines, ISession from, ISession to)
    {
        await from.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                create table events as
                select i as id,
                    (hash(i) % 1000000)::integer as user_id,
                    'event_' || (i % 7) as kind,
                    '/products/' || (hash(i + 1) % 5000) || '?ref=' || (i % 11) as page,
                    timestamptz '2024-01-01' + to_microseconds(i * 1234567) as happened_at,
                    date '2024-01-01' + (i % 365)::integer as day,
                    ((hash(i + 2) % 10000000)::double / 100)::decimal(12, 2) as amount,
                    (hash(i + 3) % 1000)::double / 7 as score,
                    i % 3 = 0 as is_new,
                    case when i % 5 > 0 then (i % 100)::smallint end as quantity
                from range({rows}) t(i)
                """
            ),
            CancellationToken.None
        );
        var columns = await from.DescribeTransferAsync("select * from events", CancellationToken.None);
        await to.ExecuteAsync(
            TransferTable.CreateStatement(
                engines.Postgres.Dialect,
                Stage,
                to.MapColumns(columns),
                unlogged: true
            ),
            CancellationToken.None
        );
        await TransferAsync(from, [to]);
        await using var connection = new NpgsqlConnection(engines.ConnectionString);
        await connection.OpenAsync();
        await using var source = await connection.BeginRawBinaryCopyAsync(
            "copy stage to stdout (format binary)"
        );
        await using var file = File.Create(engines.CopyFile);
        await source.CopyToAsync(file);
    }

    private async Task TransferAsync(ISession from, ImmutableArray<ISession> to)
    {
        var moved = await RowTransfer.CopyAsync(
            from,
            "select * from events",
            to,
            Stage,
            null,
            CancellationToken.None
        );
        if (moved != rows)
            throw new InvalidOperationException($"{moved} rows of {rows} were moved");
    }

    private static async Task CopyFileAsync(TransferEngines engines)
    {
        await using var connection = new NpgsqlConnection(engines.ConnectionString);
        await connection.OpenAsync();
        await using var target = await connection.BeginRawBinaryCopyAsync(
            "copy stage from stdin (format binary)"
        );
        await using var file = File.OpenRead(engines.CopyFile);
        await file.CopyToAsync(target, 128 * 1024);
    }

    private static async Task<double> TimeAsync(ISession to, Func<Task> load)
    {
        await to.ExecuteAsync("truncate stage", CancellationToken.None);
        await to.ExecuteAsync("checkpoint", CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        await load();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Report(TextWriter output, string what, double seconds, double file) =>
        Write(
            output,
            $"{what, -24} {seconds, 7:0.00} s  {rows / seconds / 1000, 6:0} k rows/s  {seconds / file:0.00}x"
        );

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static void Write(TextWriter output, FormattableString line) =>
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
