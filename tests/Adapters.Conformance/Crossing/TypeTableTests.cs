namespace Strata.Adapters.Conformance.Crossing;

/// <summary>docs/reference/types.md says what the code does.</summary>
public sealed class TypeTableTests(BothEngines engines) : IClassFixture<BothEngines>
{
    private const string Refused = "refused";

    public static TheoryData<string, string> FromDuckDb => Rows("From DuckDB to Postgres");

    public static TheoryData<string, string> FromPostgres => Rows("From Postgres to DuckDB");

    [Theory]
    [MemberData(nameof(FromDuckDb))]
    public async Task DuckDbType_BecomesWhatTheTableSays(string from, string to)
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        var columns = await duckDb.DescribeTransferAsync($"select null::{from} as x", CancellationToken.None);
        var mapping = postgres.MapColumns(columns).ShouldHaveSingleItem();
        (mapping.Problem is null ? mapping.Type : Refused).ShouldBe(to);
        if (mapping.Problem is not null)
        {
            var recast = $"select {mapping.Cast.ShouldNotBeNull()} as x from (select null::{from} as x) as t";
            columns = await duckDb.DescribeTransferAsync(recast, CancellationToken.None);
            postgres.MapColumns(columns).ShouldHaveSingleItem().Problem.ShouldBeNull();
            return;
        }
        var table = await engines.CopyAsync(duckDb, $"select null::{from} as x", engines.Postgres, postgres);
        var described = await postgres.DescribeQueryAsync($"select * from {table}", CancellationToken.None);
        described.ShouldHaveSingleItem().Type.ShouldBe(to);
    }

    [Theory]
    [MemberData(nameof(FromPostgres))]
    public async Task PostgresType_BecomesWhatTheTableSays(string from, string to)
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        var columns = await postgres.DescribeTransferAsync(
            $"select null::{from} as x",
            CancellationToken.None
        );
        var mapping = duckDb.MapColumns(columns).ShouldHaveSingleItem();
        (mapping.Problem is null ? mapping.Type : Refused).ShouldBe(to);
        if (mapping.Problem is not null)
        {
            var recast = $"select {mapping.Cast.ShouldNotBeNull()} as x from (select null::{from} as x) as t";
            columns = await postgres.DescribeTransferAsync(recast, CancellationToken.None);
            duckDb.MapColumns(columns).ShouldHaveSingleItem().Problem.ShouldBeNull();
            return;
        }
        var table = await engines.CopyAsync(postgres, $"select null::{from} as x", engines.DuckDb, duckDb);
        var described = await duckDb.DescribeQueryAsync($"select * from {table}", CancellationToken.None);
        described.ShouldHaveSingleItem().Type.ShouldBe(to);
    }

    [Fact]
    public void Table_IsNotEmpty()
    {
        FromDuckDb.Count().ShouldBeGreaterThan(50);
        FromPostgres.Count().ShouldBeGreaterThan(50);
    }

    private static TheoryData<string, string> Rows(string heading)
    {
        var data = new TheoryData<string, string>();
        foreach (var (from, to) in TypeTable.Read(heading))
            data.Add(from, to);
        return data;
    }
}
