using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Transfers;

namespace Strata.Adapters.Conformance.Crossing;

/// <summary>Several sessions that load one table.</summary>
public sealed class StreamTests(BothEngines engines) : IClassFixture<BothEngines>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(500, 1)]
    [InlineData(19_000, 2)]
    [InlineData(60_000, 3)]
    public async Task Copy_OfMoreRows_OpensMoreStreams_AndMovesEachRowOnce(int rows, int streams)
    {
        await using var load = await Load.BeginAsync(engines, $"select i from range({rows}) r(i)");

        (await load.CopyAsync(most: 3, rowsEach: 10_000)).ShouldBe(rows);

        load.Streams.ShouldBe(streams);
        (await load.QueryAsync("count(*), count(distinct i), min(i), max(i)")).ShouldBe([
            (long)rows,
            (long)rows,
            0L,
            rows - 1L,
        ]);
    }

    [Fact]
    public async Task Read_OfLongTexts_GivesBatchesOfFewerRows()
    {
        const int rows = 40;
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();

        (await MostRowsAsync(duckDb, $"from range({rows}) as r(i)")).ShouldBeInRange(2, rows / 2);
        (await MostRowsAsync(postgres, $"from generate_series(1, {rows}) as r(i)")).ShouldBeInRange(
            2,
            rows / 2
        );

        static async Task<int> MostRowsAsync(ISession session, string from)
        {
            await using var reader = await session.OpenReaderAsync(
                $"select i, repeat('é', 500000) as text {from}",
                None
            );
            var (most, all) = (0, 0);
            while (await reader.ReadAsync(None) is { } batch)
            {
                (most, all) = (Math.Max(most, batch.Count), all + batch.Count);
                ((Utf8Vector)batch.Columns[1])[batch.Count - 1].Length.ShouldBe(1_000_000);
                reader.Recycle(batch);
            }
            all.ShouldBe(rows);
            return most;
        }
    }

    [Fact]
    public async Task Copy_WithAFailingStream_Fails_NamesTheRow_AndLoadsNothing()
    {
        await using var load = await Load.BeginAsync(
            engines,
            "select i, case when i = 39999 then chr(0) end as v from range(60000) r(i) order by i"
        );

        var e = await Should.ThrowAsync<EngineException>(load.CopyAsync(most: 2, rowsEach: 1));

        e.Error.Kind.ShouldBe(EngineErrorKind.Data);
        e.Error.Message.ShouldContain("(row 40000 of the transfer)");
        load.Streams.ShouldBe(2);
        (await load.QueryAsync("count(*)")).ShouldBe([0L]);
    }

    [Fact]
    public async Task Copy_WhereTheServerHasNoFurtherConnection_GoesOnWithWhatThereIs()
    {
        await using var load = await Load.BeginAsync(engines, "select i from range(30000) r(i)");
        var asked = 0;
        var streams = new TransferStreams(
            load.Target,
            3,
            _ =>
            {
                asked++;
                throw new EngineException(
                    new EngineError(EngineErrorKind.Resources, "sorry, too many clients already")
                );
            }
        )
        {
            RowsEach = 1,
        };

        (await load.CopyAsync(streams)).ShouldBe(30_000);

        asked.ShouldBe(1);
        (await load.QueryAsync("count(*)")).ShouldBe([30_000L]);
    }

    /// <summary>A query on DuckDB and an empty table for it in Postgres.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private static int _tables;

        private readonly BothEngines _engines;
        private readonly string _query;
        private readonly ISession _source;
        private readonly RelationName _table;
        private readonly List<ISession> _others = [];

        private Load(BothEngines engines, string query, ISession source, ISession target, RelationName table)
        {
            (_engines, _query, _source, Target, _table) = (engines, query, source, target, table);
        }

        public ISession Target { get; }

        public int Streams => 1 + _others.Count;

        public static async Task<Load> BeginAsync(BothEngines engines, string query)
        {
            var source = await engines.DuckDb.OpenAsync();
            var target = await engines.Postgres.OpenAsync();
            var table = new RelationName("public", $"streams_{Interlocked.Increment(ref _tables)}");
            var columns = target.MapColumns(await source.DescribeTransferAsync(query, None));
            var create = MappedTable.CreateStatement(engines.Postgres.Dialect, table, columns);
            await target.ExecuteAsync(create, None);
            return new Load(engines, query, source, target, table);
        }

        public Task<long> CopyAsync(int most, long rowsEach) =>
            CopyAsync(
                new TransferStreams(
                    Target,
                    most,
                    async _ =>
                    {
                        _others.Add(await _engines.Postgres.OpenAsync());
                        return _others[^1];
                    }
                )
                {
                    RowsEach = rowsEach,
                }
            );

        public Task<long> CopyAsync(TransferStreams streams) =>
            RowTransfer.CopyAsync(_source, _query, streams, _table, null, None);

        public async Task<ImmutableArray<object?>> QueryAsync(string columns)
        {
            var rows = await Target.QueryAsync($"select {columns} from {_table}", 1, None);
            return [.. rows.Rows[0]];
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var session in _others)
                await session.DisposeAsync();
            await _source.DisposeAsync();
            await Target.DisposeAsync();
        }
    }
}
