using System.Collections.Immutable;
using Strata.Adapters.Conformance.Engines;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Transfers;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>Rows in bulk: what goes into an engine comes out again.</summary>
public abstract class BulkSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    public static TheoryData<string> Kinds { get; } = [.. EdgeValues.All.Select(column => column.Name)];

    public static TheoryData<string> Names => HostileNames.All;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Values_OfEveryKind_ComeBack(string kind)
    {
        var edge = EdgeValues.All.Single(column => column.Name == kind);
        await using var session = await Engine.OpenAsync();
        var mapping = session.MapColumns([edge.Column]).ShouldHaveSingleItem();
        if (mapping.Problem is not null)
        {
            mapping.Problem.ShouldNotBeEmpty();
            mapping.Cast.ShouldNotBeNull().ShouldContain(edge.Column.Name);
            return;
        }
        var table = new RelationName(await Engine.CreateSchemaAsync(session), "t");
        await session.ExecuteAsync(MappedTable.CreateStatement(Dialect, table, [mapping]), None);
        // the column's own values, each row twice, with nulls before, between and after
        var values = edge.Values.SelectMany(value => new[] { null, value, value }).Append(null).ToArray();
        await WriteAsync(session, table, [edge.Column], [values]);

        await using var reader = await session.OpenReaderAsync($"select * from {Dialect.Quote(table)}", None);
        reader.Columns.ShouldHaveSingleItem().Type.ShouldBe(edge.Comeback ?? edge.Column.Type);
        var back = await ReadAllAsync(reader);
        back.Select(row => row[0]).ShouldBe(values);
    }

    [Fact]
    public async Task Columns_OfAllKindsTogether_ComeBack()
    {
        await using var session = await Engine.OpenAsync();
        var kinds = EdgeValues
            .All.Where(column => session.MapColumns([column.Column])[0].Problem is null)
            .ToImmutableArray();
        // an engine need not keep the order of rows
        var number = new TransferColumn("n", new TransferType(TransferKind.Int32), "int");
        ImmutableArray<TransferColumn> columns = [number, .. kinds.Select(kind => kind.Column)];
        var table = new RelationName(await Engine.CreateSchemaAsync(session), "t");
        await session.ExecuteAsync(
            MappedTable.CreateStatement(Dialect, table, session.MapColumns(columns)),
            None
        );
        const int rows = 5000;
        object?[][] values =
        [
            [.. Enumerable.Range(0, rows).Select(r => (object?)r)],
            .. kinds.Select(
                (kind, c) => Enumerable.Range(0, rows).Select(r => kind.ValueAt(r * 7 + c)).ToArray()
            ),
        ];
        await WriteAsync(session, table, columns, values);

        await using var reader = await session.OpenReaderAsync(
            $"select * from {Dialect.Quote(table)} order by n",
            None
        );
        var back = await ReadAllAsync(reader);
        back.Count.ShouldBe(rows);
        for (var r = 0; r < rows; r++)
        for (var c = 0; c < columns.Length; c++)
            back[r][c].ShouldBe(values[c][r], $"row {r}, column {columns[c].Name}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Names_Hostile_AreCarried(string name)
    {
        await using var session = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(session), name);
        var column = new TransferColumn(name, new TransferType(TransferKind.Int32), "int");
        await session.ExecuteAsync(
            MappedTable.CreateStatement(Dialect, table, session.MapColumns([column])),
            None
        );
        await WriteAsync(
            session,
            table,
            [column],
            [
                [1, 2, 3],
            ]
        );
        await using var reader = await session.OpenReaderAsync($"select * from {Dialect.Quote(table)}", None);
        reader.Columns.ShouldHaveSingleItem().Name.ShouldBe(name);
        (await ReadAllAsync(reader)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Transfer_AnyNumberOfRows_IsWhole(int count)
    {
        await using var from = await Engine.OpenAsync();
        await using var to = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(to), "t");
        var query = $"select i, i * 3 as j, cast(i as varchar) as s from ({Engine.Series(count)}) q";
        var columns = await from.DescribeTransferAsync(query, None);
        await to.ExecuteAsync(
            MappedTable.CreateStatement(
                Dialect,
                table,
                to.MapColumns(columns),
                Engine.Adapter.Capabilities.UnloggedTables
            ),
            None
        );
        var progress = new LastReport();
        (await RowTransfer.CopyAsync(from, query, to, table, progress, None)).ShouldBe(count);
        progress.Value.ShouldBe(count);
        var check = await to.QueryAsync(
            $"select count(*), count(distinct i), coalesce(sum(j), 0), coalesce(sum(length(s)), 0) from {Dialect.Quote(table)}",
            1,
            None
        );
        var sumOfJ = 3L * count * (count - 1) / 2;
        var lengths = Enumerable.Range(0, count).Sum(i => (long)i.ToString().Length);
        check.Rows[0].Select(Convert.ToInt64).ShouldBe([count, count, sumOfJ, lengths]);
    }

    [Fact]
    public async Task Transfer_SeveralStreams_AreWholeTogether()
    {
        await using var from = await Engine.OpenAsync();
        await using var to1 = await Engine.OpenAsync();
        await using var to2 = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(to1), "t");
        await to1.ExecuteAsync($"create table {Dialect.Quote(table)} (i bigint)", None);
        var streams = new TransferStreams(to1, 2, _ => Task.FromResult(to2)) { RowsEach = 1 };
        (await RowTransfer.CopyAsync(from, Engine.Series(100_000), streams, table, null, None)).ShouldBe(
            100_000
        );
        (await ScalarAsync(from, $"select count(distinct i) from {Dialect.Quote(table)}")).ShouldBe(100_000L);
    }

    [Fact]
    public async Task Transfer_ReaderFails_LoadsNothingAndTellsTheReadersError()
    {
        await using var from = await Engine.OpenAsync();
        await using var to = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(to), "t");
        await to.ExecuteAsync($"create table {Dialect.Quote(table)} (i int)", None);
        var query =
            $"select cast(case when i = 250000 then 'x' else '1' end as integer) as i from ({Engine.Series(300_000)}) s";
        var error = await FailsAsync(RowTransfer.CopyAsync(from, query, to, table, null, None));
        error.Kind.ShouldBe(EngineErrorKind.Data);
        error.Message.ShouldContain("x");
        (await ScalarAsync(to, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(0L);
        (await ScalarAsync(from, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Transfer_WriterFails_TellsTheWritersError()
    {
        await using var from = await Engine.OpenAsync();
        await using var to = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(to), "t");
        await to.ExecuteAsync($"create table {Dialect.Quote(table)} (i bigint, check (i < 50000))", None);
        var error = await FailsAsync(
            RowTransfer.CopyAsync(from, Engine.Series(300_000), to, table, null, None)
        );
        error.Kind.ShouldBe(EngineErrorKind.Data);
        (await ScalarAsync(to, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(0L);
        (await ScalarAsync(from, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Transfer_Cancelled_StopsSoonAndLoadsNothing()
    {
        await using var from = await Engine.OpenAsync();
        await using var to = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(to), "t");
        await to.ExecuteAsync($"create table {Dialect.Quote(table)} (i bigint)", None);
        using var source = new CancellationTokenSource();
        var progress = new LastReport();
        var running = RowTransfer.CopyAsync(
            from,
            Engine.Series(500_000_000),
            to,
            table,
            progress,
            source.Token
        );
        while (progress.Value < 10_000)
            await Task.Delay(10);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(TimeSpan.FromSeconds(10)));
        (await ScalarAsync(to, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(0L);
        (await ScalarAsync(from, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Transfer_UnknownTable_IsAStatementError()
    {
        await using var from = await Engine.OpenAsync();
        await using var to = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(to);
        var error = await FailsAsync(
            RowTransfer.CopyAsync(
                from,
                Engine.Series(10),
                to,
                new RelationName(schema, "no such table"),
                null,
                None
            )
        );
        error.Kind.ShouldBe(EngineErrorKind.Statement);
        error.Message.ShouldContain("no such table");
    }

    [Fact]
    public async Task Write_WithinATransaction_CommitsAndRollsBackWithIt()
    {
        await using var session = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(session), "t");
        await session.ExecuteAsync($"create table {Dialect.Quote(table)} (i int)", None);
        ImmutableArray<TransferColumn> columns = [new("i", new TransferType(TransferKind.Int32), "int")];
        await using (await session.BeginAsync(None))
            await WriteAsync(
                session,
                table,
                columns,
                [
                    [1, 2, 3],
                ]
            );
        (await ScalarAsync(session, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(0L);
        await using (var transaction = await session.BeginAsync(None))
        {
            await WriteAsync(
                session,
                table,
                columns,
                [
                    [1, 2, 3],
                ]
            );
            await transaction.CommitAsync(None);
        }
        (await ScalarAsync(session, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(3L);
    }

    [Fact]
    public async Task Write_NotCompleted_LoadsNothingAndDoomsTheTransaction()
    {
        await using var session = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(session), "t");
        await session.ExecuteAsync($"create table {Dialect.Quote(table)} (i int)", None);
        ImmutableArray<TransferColumn> columns = [new("i", new TransferType(TransferKind.Int32), "int")];
        var batch = ColumnBatch.Create(columns);
        batch.Count = ColumnBatch.Capacity;
        await using (var writer = await session.OpenWriterAsync(table, columns, None))
        {
            for (var i = 0; i < 200; i++)
                await writer.WriteAsync(batch, None);
        }
        (await ScalarAsync(session, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(0L);

        await using (var transaction = await session.BeginAsync(None))
        {
            await using (var writer = await session.OpenWriterAsync(table, columns, None))
                await writer.WriteAsync(batch, None);
            await FailsAsync(transaction.CommitAsync(None));
        }
        (await ScalarAsync(session, $"select count(*) from {Dialect.Quote(table)}")).ShouldBe(0L);
    }

    [Fact]
    public async Task Write_TemporaryTable_IsSeenByItsSessionOnly()
    {
        await using var session = await Engine.OpenAsync();
        await using var other = await Engine.OpenAsync();
        var table = Dialect.Temporary("odd \"name\"");
        await session.ExecuteAsync($"create temporary table {Dialect.Quote(table)} (i int)", None);
        var type = new TransferType(TransferKind.Int32);
        await WriteAsync(
            session,
            table,
            [new("i", type, "int")],
            [
                [1, 2, 3],
            ]
        );
        (await ScalarAsync(session, $"select sum(i) from {Dialect.Quote(table)}")).ShouldBe(6L);
        await FailsAsync(other.QueryAsync($"select * from {Dialect.Quote(table)}", 10, None));
    }

    [Fact]
    public async Task Write_SomeColumnsInAnotherOrder_LeavesTheRestToDefaults()
    {
        await using var session = await Engine.OpenAsync();
        var table = new RelationName(await Engine.CreateSchemaAsync(session), "t");
        await session.ExecuteAsync(
            $"create table {Dialect.Quote(table)} (a int, b int default 7, c int)",
            None
        );
        var type = new TransferType(TransferKind.Int32);
        await WriteAsync(
            session,
            table,
            [new("c", type, "int"), new("a", type, "int")],
            [
                [3],
                [1],
            ]
        );
        var rows = await session.QueryAsync($"select a, b, c from {Dialect.Quote(table)}", 10, None);
        rows.Rows.ShouldHaveSingleItem().ShouldBe([1L, 7L, 3L]);
    }

    [Fact]
    public async Task Read_GivenUpHalfWay_LeavesTheSessionUsable()
    {
        await using var session = await Engine.OpenAsync();
        await using (var reader = await session.OpenReaderAsync(Engine.Series(50_000_000), None))
            (await reader.ReadAsync(None)).ShouldNotBeNull();
        (await ScalarAsync(session, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Read_QueryEndingInAComment_Works()
    {
        await using var session = await Engine.OpenAsync();
        await using var reader = await session.OpenReaderAsync("select 1 as x, 2 as x; -- note", None);
        (await ReadAllAsync(reader)).ShouldHaveSingleItem().ShouldBe([1, 2]);
    }

    private static async Task WriteAsync(
        ISession session,
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        object?[][] values
    )
    {
        await using var writer = await session.OpenWriterAsync(table, columns, None);
        var rows = values[0].Length;
        var batch = ColumnBatch.Create(columns);
        for (var first = 0; first < rows; first += ColumnBatch.Capacity)
        {
            batch.Count = Math.Min(ColumnBatch.Capacity, rows - first);
            for (var c = 0; c < columns.Length; c++)
            for (var r = 0; r < batch.Count; r++)
                batch.Columns[c].Set(r, values[c][first + r]);
            await writer.WriteAsync(batch, None);
        }
        (await writer.CompleteAsync(None)).ShouldBe(rows);
    }

    private static async Task<List<object?[]>> ReadAllAsync(IBatchReader reader)
    {
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(None) is { } batch)
        {
            var columns = batch.Columns.Select(column => column.ToObjects(batch.Count)).ToArray();
            for (var r = 0; r < batch.Count; r++)
                rows.Add([.. columns.Select(column => column[r])]);
            reader.Recycle(batch);
        }
        return rows;
    }

    private sealed class LastReport : IProgress<long>
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Report(long value) => Interlocked.Exchange(ref _value, value);
    }
}
