using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Crossing;

/// <summary>DuckDB -> Postgres -> DuckDB gives the same rows, compared by DuckDB itself.</summary>
public sealed class RoundTripTests(BothEngines engines) : IClassFixture<BothEngines>
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Types that come back as themselves, each with a generator of literals.</summary>
    private static readonly (string Type, Gen<string> Literal)[] Types =
    [
        ("boolean", Gen.Elements("true", "false")),
        ("smallint", Numbers(short.MinValue, short.MaxValue)),
        ("integer", Numbers(int.MinValue, int.MaxValue)),
        ("bigint", Numbers(long.MinValue, long.MaxValue)),
        ("hugeint", Digits(37, 0)),
        ("double", ArbMap.Default.GeneratorFor<double>().Select(Double)),
        ("float", ArbMap.Default.GeneratorFor<float>().Select(value => $"({Double(value)})::float")),
        ("decimal(4,1)", Digits(3, 1)),
        ("decimal(18,6)", Digits(12, 6)),
        ("decimal(38,0)", Digits(38, 0)),
        ("decimal(38,19)", Digits(19, 19)),
        ("decimal(38,38)", Digits(0, 38)),
        ("varchar", Text()),
        ("blob", Bytes()),
        ("date", Days().Select(day => $"date '1970-01-01' + ({day})")),
        ("timestamp", Micros().Select(micros => $"make_timestamp({micros})")),
        ("timestamptz", Micros().Select(micros => $"make_timestamptz({micros})")),
        (
            "time",
            Gen.Choose(0, 86_399)
                .SelectMany(s =>
                    Gen.Choose(0, 999_999)
                        .Select(us => $"'00:00'::time + to_microseconds({s * 1_000_000L + us})")
                )
        ),
        (
            "interval",
            Gen.Choose(-5_000, 5_000)
                .SelectMany(m =>
                    Gen.Choose(-40_000, 40_000)
                        .SelectMany(d =>
                            Micros().Select(us => $"to_months({m}) + to_days({d}) + to_microseconds({us})")
                        )
                )
        ),
        ("uuid", ArbMap.Default.GeneratorFor<Guid>().Select(guid => $"'{guid}'")),
        ("bit", Gen.NonEmptyListOf(Gen.Elements('0', '1')).Select(bits => $"'{string.Concat(bits)}'")),
        ("integer[]", Lists(Numbers(int.MinValue, int.MaxValue))),
        ("varchar[]", Lists(Text())),
        ("timestamp[]", Lists(Micros().Select(micros => $"make_timestamp({micros})"))),
        ("decimal(12,3)[]", Lists(Digits(9, 3))),
        ("double[]", Lists(ArbMap.Default.GeneratorFor<double>().Select(Double))),
    ];

    [Fact]
    public void Transfer_RandomTables_RoundTrip()
    {
        var tables =
            from columns in Gen.NonEmptyListOf(Gen.Choose(0, Types.Length - 1))
            from rows in Gen.Choose(0, 20)
            from cells in Gen.CollectToArray(columns.Take(8).Select(type => Gen.ArrayOf(Cell(type), rows)))
            select new RandomTable([.. columns.Take(8).Select(type => Types[type].Type)], cells, rows);
        Prop.ForAll(tables.ToArbitrary(), table => RoundTripsAsync(table).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    /// <summary>Types that come back as another type of the same values.</summary>
    [Theory]
    [InlineData("tinyint", "-128")]
    [InlineData("utinyint", "255")]
    [InlineData("usmallint", "65535")]
    [InlineData("uinteger", "4294967295")]
    [InlineData("ubigint", "18446744073709551615")]
    [InlineData("hugeint", "-170141183460469231731687303715884105728")]
    [InlineData("timestamp_s", "'2024-02-29 12:34:56'")]
    [InlineData("timestamp_ms", "'2024-02-29 12:34:56.789'")]
    [InlineData("timestamp_s", "'infinity'")]
    [InlineData("timestamp", "'-infinity'")]
    [InlineData("timestamptz", "'infinity'")]
    [InlineData("date", "'-infinity'")]
    [InlineData("enum('a', 'it''s')", "'it''s'")]
    [InlineData("timetz", "'12:34:56.789+05:30'")]
    [InlineData("time", "'24:00:00'")]
    [InlineData("integer[3]", "[1, null, 3]")]
    [InlineData("varchar", "''")]
    [InlineData("double", "'nan'")]
    [InlineData("double[]", "['nan', '-infinity', null]")]
    public async Task Transfer_OtherTypes_KeepTheirValues(string type, string literal)
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        var query = $"select ({literal})::{type} as x union all select null";
        var there = await engines.CopyAsync(duckDb, query, engines.Postgres, postgres);
        var back = await engines.CopyAsync(postgres, $"select * from {there}", engines.DuckDb, duckDb);
        var rows = await duckDb.QueryAsync(
            $"select count(*) filter (x = ({literal})::{type}), count(*) filter (x is null), count(*) from {back}",
            1,
            None
        );
        rows.Rows[0].ShouldBe([1L, 1L, 2L]);
    }

    [Theory]
    [InlineData("{'a': 1, 'b': 'x', 'c': [1.5, null]}", "{\"a\": 1, \"b\": \"x\", \"c\": [1.5, null]}")]
    [InlineData("map {'k': date '2024-02-29', 'l': null}", "{\"k\": \"2024-02-29\", \"l\": null}")]
    [InlineData("[[1, 2], [], null]", "[[1, 2], [], null]")]
    [InlineData("[{'a': 1}, null]", "[{\"a\": 1}, null]")]
    [InlineData("'{\"z\": 1, \"a\": \"\\u00e9\"}'::json", "{\"a\": \"é\", \"z\": 1}")]
    public async Task Transfer_NestedValues_ArriveAsJsonb(string literal, string expected)
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        var there = await engines.CopyAsync(duckDb, $"select {literal} as x", engines.Postgres, postgres);
        var rows = await postgres.QueryAsync($"select x, pg_typeof(x) from {there}", 1, None);
        rows.Rows[0].ShouldBe([expected, "jsonb"]);
    }

    [Theory]
    [InlineData("'a' || chr(0) || 'b'", "varchar", "NUL character", "replace(")]
    [InlineData("'4800-01-01 (BC)'", "date", "4713 BC", null)]
    [InlineData("'4800-01-01 (BC) 00:00:00'", "timestamp", "4713 BC", null)]
    public async Task Transfer_ValueThatPostgresCannotHold_NamesColumnAndRow(
        string literal,
        string type,
        string words,
        string? hint
    )
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        var query =
            $"select i, case when i = 5000 then ({literal})::{type} end as \"odd one\" from range(1, 6000) r(i) order by i";
        var e = await Should.ThrowAsync<EngineException>(
            engines.CopyAsync(duckDb, query, engines.Postgres, postgres)
        );
        e.Error.Kind.ShouldBe(EngineErrorKind.Data);
        e.Error.Message.ShouldContain("column 'odd one'");
        e.Error.Message.ShouldContain(words);
        e.Error.Message.ShouldContain("row 5000 of the transfer");
        if (hint is not null)
            e.Error.Hint.ShouldNotBeNull().ShouldContain(hint);
        (await postgres.QueryAsync("select 1", 1, None)).Scalar.ShouldBe(1L);
    }

    [Fact]
    public async Task Transfer_JsonThatPostgresCannotHold_IsADataErrorWithThePlace()
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        var query = "select '{\"a\": \"\\u0000\"}'::json as doc";
        var e = await Should.ThrowAsync<EngineException>(
            engines.CopyAsync(duckDb, query, engines.Postgres, postgres)
        );
        e.Error.Kind.ShouldBe(EngineErrorKind.Data);
        e.Error.Message.ShouldContain("line 1, column doc");
    }

    private async Task<bool> RoundTripsAsync(RandomTable table)
    {
        await using var duckDb = await engines.DuckDb.OpenAsync();
        await using var postgres = await engines.Postgres.OpenAsync();
        await duckDb.ExecuteAsync($"create or replace table source ({table.Definition})", None);
        if (table.Rows > 0)
            await duckDb.ExecuteAsync($"insert into source values {table.Values}", None);
        var there = await engines.CopyAsync(duckDb, "select * from source", engines.Postgres, postgres);
        var back = await engines.CopyAsync(postgres, $"select * from {there}", engines.DuckDb, duckDb);
        var described = await duckDb.DescribeQueryAsync($"select * from {back}", None);
        described.ShouldBe(await duckDb.DescribeQueryAsync("select * from source", None));
        var differences = await duckDb.QueryAsync(
            $"(select * from source except all select * from {back}) union all (select * from {back} except all select * from source)",
            100,
            None
        );
        await postgres.ExecuteAsync($"drop table {there}", None);
        await duckDb.ExecuteAsync($"drop table {back}", None);
        return differences.Rows.IsEmpty;
    }

    private static Gen<string> Cell(int type) =>
        Gen.Frequency(
            (1, Gen.Constant("null")),
            (4, Types[type].Literal.Select(literal => $"({literal})::{Types[type].Type}"))
        );

    private static Gen<string> Numbers(long least, long most) =>
        Gen.Frequency(
                (1, Gen.Elements(least, most, 0)),
                (3, ArbMap.Default.GeneratorFor<long>().Select(value => Math.Clamp(value, least, most)))
            )
            .Select(value => $"'{value}'");

    private static Gen<string> Digits(int whole, int fraction) =>
        from sign in Gen.Elements("", "-")
        from digits in Gen.ArrayOf(
            Gen.Frequency((3, Gen.Choose(0, 9)), (2, Gen.Constant(0))),
            whole + fraction
        )
        let text = string.Concat(digits)
        select $"'{sign}{(whole == 0 ? "0" : text[..whole])}.{text[whole..]}'";

    private static Gen<string> Text() =>
        ArbMap
            .Default.GeneratorFor<string>()
            .Select(text => new string([.. (text ?? "").Where(c => c != '\0' && !char.IsSurrogate(c))]))
            .SelectMany(text => Gen.Elements("", "🦆", "é\u0301").Select(more => text + more))
            .Select(DuckDbDialect.Instance.QuoteString);

    private static Gen<string> Bytes() =>
        ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => $"unhex('{Convert.ToHexString(bytes ?? [])}')");

    private static Gen<int> Days() => Gen.Choose(-2_400_000, 100_000_000);

    private static Gen<long> Micros() =>
        ArbMap
            .Default.GeneratorFor<long>()
            .Select(value => Math.Clamp(value, -200_000_000_000_000_000, 9_000_000_000_000_000_000));

    private static Gen<string> Lists(Gen<string> element) =>
        Gen.ListOf(Gen.Frequency((1, Gen.Constant("null")), (4, element)))
            .Select(elements => $"[{string.Join(", ", elements)}]");

    private static string Double(double value) =>
        $"'{value.ToString("R", CultureInfo.InvariantCulture)}'::double";

    private sealed record RandomTable(string[] Types, string[][] Cells, int Rows)
    {
        public string Definition => string.Join(", ", Types.Select((type, i) => $"c{i} {type}"));

        public string Values =>
            string.Join(
                ", ",
                Enumerable
                    .Range(0, Rows)
                    .Select(row => $"({string.Join(", ", Cells.Select(column => column[row]))})")
            );

        public override string ToString() => $"({Definition}) values {Values}";
    }
}
