using System.Collections.Immutable;
using System.Globalization;
using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.DuckDb;

/// <summary>Rows of ours in DuckDB's queries.</summary>
public sealed class DuckDbStreamedRowsTests(DuckDbEngine engine) : IClassFixture<DuckDbEngine>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ImmutableArray<TransferColumn> Columns =
    [
        new("odd \"name\"", new TransferType(TransferKind.Text), "text"),
        new("n", new TransferType(TransferKind.Int64), "bigint"),
    ];

    [Fact]
    public async Task Query_MoreThanOneBatch_GivesAllRowsInTheirOrderEachTime()
    {
        await using var session = await engine.OpenAsync();
        await using var table = session.StreamedRows!.Offer(Columns, _ => new Numbers(5000));
        for (var again = 0; again < 2; again++)
        {
            await session.ExecuteAsync(
                $"create or replace temporary table copied as select row_number() over () as place, * from {table.Expression}",
                None
            );
            var rows = await session.QueryAsync(
                """"
                select count(*), sum(n)::bigint, count(case when place <> n + 1 then 1 end), count("odd ""name"""),
                  count(case when "odd ""name""" <> 'é' || n then 1 end) from copied
                """",
                1,
                None
            );
            rows.Rows[0].ShouldBe([5000L, 12497500L, 0L, 4000L, 0L]);
        }
    }

    [Fact]
    public async Task Query_SomeColumns_AsksForNoOthers()
    {
        await using var session = await engine.OpenAsync();
        var asked = new List<string>();
        await using var table = session.StreamedRows!.Offer(
            Columns,
            wanted =>
            {
                asked.Add(string.Join(",", wanted));
                return new Numbers(10);
            }
        );
        (await session.QueryAsync($"select max(n) from {table.Expression}", 1, None)).Scalar.ShouldBe(9L);
        (await session.QueryAsync($"select count(*) from {table.Expression}", 1, None)).Scalar.ShouldBe(10L);
        asked[0].ShouldBe("False,True");
        asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Query_ThatEndsEarly_StopsTheReader()
    {
        await using var session = await engine.OpenAsync();
        var reader = new Numbers(int.MaxValue);
        await using (var table = session.StreamedRows!.Offer(Columns, _ => reader))
            await session.QueryAsync($"select n from {table.Expression} limit 3", 3, None);
        reader.IsDisposed.ShouldBeTrue();
        reader.Given.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public async Task Query_ReaderThrows_TheExceptionComesOutAndTheSessionGoesOn()
    {
        await using var session = await engine.OpenAsync();
        await using var table = session.StreamedRows!.Offer(Columns, _ => new Numbers(5000, failAt: 4096));
        var thrown = await Should.ThrowAsync<InvalidDataException>(() =>
            session.ExecuteAsync($"create temporary table t as select * from {table.Expression}", None)
        );
        thrown.Message.ShouldBe("row 4096");
        (await session.QueryAsync("select 1", 1, None)).Scalar.ShouldBe(1);
    }

    [Fact]
    public async Task Query_NoLongerOffered_IsAnError()
    {
        await using var session = await engine.OpenAsync();
        var table = session.StreamedRows!.Offer(Columns, _ => new Numbers(1));
        await table.DisposeAsync();
        var error = await Should.ThrowAsync<EngineException>(() =>
            session.QueryAsync($"select * from {table.Expression}", 1, None)
        );
        error.Message.ShouldContain("no longer offered");
    }

    /// <summary>Counts up; every fifth text is null.</summary>
    private sealed class Numbers(int count, int failAt = int.MaxValue) : IBatchReader
    {
        private readonly BatchPool _pool = new(Columns);

        public int Given { get; private set; }

        public bool IsDisposed { get; private set; }

        ImmutableArray<TransferColumn> IBatchReader.Columns => Columns;

        public ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken)
        {
            if (Given >= failAt)
                throw new InvalidDataException($"row {Given}");
            if (Given == count)
                return new((ColumnBatch?)null);
            var batch = _pool.Take();
            var texts = (Utf8Vector)batch.Columns[0];
            for (; batch.Count < ColumnBatch.Capacity && Given < count; Given++)
            {
                if (Given % 5 != 0)
                    texts.SetText(batch.Count, "é" + Given.ToString(CultureInfo.InvariantCulture));
                batch.Columns[1].Set(batch.Count++, (long)Given);
            }
            return new(batch);
        }

        public void Recycle(ColumnBatch batch) => _pool.Return(batch);

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }
    }
}
