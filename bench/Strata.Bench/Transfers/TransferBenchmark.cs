using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Strata.Adapters.Conformance;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Transfers;

namespace Strata.Bench.Transfers;

/// <summary>
/// Rows of ten columns from DuckDB into Postgres and back, in turns with a COPY of the very same rows from a file, or
/// into one, in Postgres's own binary format: that is the least that any transfer could cost. Tables that are filled
/// are empty before, and unlogged.
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
        await using var duckDb = await engines.DuckDb.OpenSessionAsync(CancellationToken.None);
        await using var postgres = await engines.Postgres.OpenSessionAsync(CancellationToken.None);
        await using var second = await engines.Postgres.OpenSessionAsync(CancellationToken.None);
        await using var secondDuckDb = await engines.DuckDb.OpenSessionAsync(CancellationToken.None);
        await PrepareAsync(engines, duckDb, postgres);
        var two = new TransferStreams(postgres, 2, _ => Task.FromResult<ISession>(second))
        {
            RowsEach = engines.Postgres.Capabilities.RowsPerStream,
        };
        var twoBack = new TransferStreams(duckDb, 2, _ => Task.FromResult<ISession>(secondDuckDb))
        {
            RowsEach = engines.DuckDb.Capabilities.RowsPerStream,
        };

        var there = new Turns(rows);
        var back = new Turns(rows);
        for (var round = 0; round < rounds; round++)
        {
            await EmptyAsync();
            await there.TimeAsync("copy of a prepared file", () => CopyFileAsync(engines));
            await EmptyAsync();
            await there.TimeAsync(
                "transfer, 1 stream",
                () => ThereAsync(duckDb, TransferStreams.One(postgres))
            );
            await EmptyAsync();
            await there.TimeAsync("transfer, 2 streams", () => ThereAsync(duckDb, two));
        }
        for (var round = 0; round < rounds; round++)
        {
            await EmptyBackAsync();
            await back.TimeAsync("insert of a prepared file", () => LoadFileAsync(engines, duckDb));
            await back.TimeAsync("copy into a file", () => CopyOutAsync(engines));
            await EmptyBackAsync();
            await back.TimeAsync(
                "transfer, 1 stream",
                () => BackAsync(postgres, TransferStreams.One(duckDb))
            );
            await EmptyBackAsync();
            await back.TimeAsync("transfer, 2 streams", () => BackAsync(postgres, twoBack));
        }
        Write(
            output,
            $"{rows:N0} rows x 10 columns, {new FileInfo(engines.CopyFile).Length / 1e6:0} MB as binary copy, median of {rounds}"
        );
        Write(output, $"duckdb -> postgres (budget for 1 stream: {Budget:0.00}x)");
        there.Report(output);
        Write(output, $"postgres -> duckdb");
        back.Report(output);
        Write(
            output,
            $"peak memory of this process: {PeakMegabytes():0} MB (duckdb limited to {TransferEngines.MemoryLimit})"
        );

        async Task EmptyBackAsync()
        {
            await duckDb.ExecuteAsync(
                "create or replace table back as from events limit 0",
                CancellationToken.None
            );
            await duckDb.ExecuteAsync("checkpoint", CancellationToken.None);
        }

        async Task EmptyAsync()
        {
            await postgres.ExecuteAsync("truncate stage", CancellationToken.None);
            await postgres.ExecuteAsync("checkpoint", CancellationToken.None);
        }
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
            MappedTable.CreateStatement(
                engines.Postgres.Dialect,
                Stage,
                to.MapColumns(columns),
                unlogged: true
            ),
            CancellationToken.None
        );
        await ThereAsync(from, TransferStreams.One(to));
        await CopyOutAsync(engines);
        await from.ExecuteAsync($"copy events to '{engines.ParquetFile}'", CancellationToken.None);
    }

    private async Task ThereAsync(ISession duckDb, TransferStreams postgres) =>
        Check(
            await RowTransfer.CopyAsync(
                duckDb,
                "select * from events",
                postgres,
                Stage,
                null,
                CancellationToken.None
            )
        );

    private async Task BackAsync(ISession postgres, TransferStreams duckDb) =>
        Check(
            await RowTransfer.CopyAsync(
                postgres,
                "select * from stage",
                duckDb,
                new RelationName("main", "back"),
                null,
                CancellationToken.None
            )
        );

    private void Check(long moved)
    {
        if (moved != rows)
            throw new InvalidOperationException($"{moved} rows of {rows} were moved");
    }

    private static Task LoadFileAsync(TransferEngines engines, ISession duckDb) =>
        duckDb.ExecuteAsync($"copy back from '{engines.ParquetFile}'", CancellationToken.None);

    private static async Task CopyOutAsync(TransferEngines engines)
    {
        await using var connection = new NpgsqlConnection(engines.ConnectionString);
        await connection.OpenAsync();
        await using var source = await connection.BeginRawBinaryCopyAsync(
            "copy stage to stdout (format binary)"
        );
        await using var file = File.Create(engines.CopyFile);
        await source.CopyToAsync(file, 128 * 1024);
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

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    private static void Write(TextWriter output, FormattableString line) =>
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
