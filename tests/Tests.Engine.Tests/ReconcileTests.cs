using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;

namespace Strata.Tests.Engine.Tests;

/// <summary>A table of DuckDB against one of Postgres.</summary>
public sealed class ReconcileTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IDisposable
{
    private readonly DuckDbEngine _duckDb = new();
    private readonly Lazy<PostgresEngine> _postgres = new(() => new PostgresEngine(database));

    public void Dispose()
    {
        _duckDb.Dispose();
        if (_postgres.IsValueCreated)
            _postgres.Value.Dispose();
    }

    /// <summary>The same values, each as its engine writes it; what is compared must be equal, and only that.</summary>
    [PostgresTheory]
    [InlineData("decimal(18,4)", "numeric", "1.1000", "1.1", "1.1001")]
    [InlineData("decimal(18,4)", "numeric(30,10)", "-0.5", "-0.5000000000", "0.5")]
    [InlineData("decimal(18,2)", "integer", "100.00", "100", "1")]
    [InlineData("integer", "numeric(10,3)", "0", "0.000", "0.001")]
    [InlineData(
        "hugeint",
        "numeric",
        "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105726"
    )]
    [InlineData("double", "double precision", "0.1", "0.1", "0.10000000000001")]
    [InlineData("double", "double precision", "1e300", "1e300", "1e299")]
    [InlineData("double", "double precision", "5e-324", "5e-324", "1e-323")]
    [InlineData("double", "double precision", "'-0.0'", "0", "1e-300")]
    [InlineData("double", "double precision", "'NaN'", "'NaN'", "0")]
    [InlineData("double", "double precision", "'-Infinity'", "'-Infinity'", "'Infinity'")]
    [InlineData("double", "double precision", "0.5", "0.5", "5.0")]
    [InlineData("double", "double precision", "2.5e15", "2500000000000000", "2500000000000100")]
    [InlineData("double", "numeric", "12345.678", "12345.6780", "12345.679")]
    [InlineData("float", "real", "0.1", "0.1", "0.10001")]
    [InlineData("float", "double precision", "0.1", "0.1", "0.10001")]
    [InlineData(
        "timestamp",
        "timestamp",
        "'2026-01-01 00:00:00.5'",
        "'2026-01-01 00:00:00.500000'",
        "'2026-01-01 00:00:00.500001'"
    )]
    [InlineData(
        "timestamp",
        "timestamptz",
        "'2026-06-01 12:00:00'",
        "'2026-06-01 14:00:00+02'",
        "'2026-06-01 14:00:00+00'"
    )]
    [InlineData(
        "timestamp",
        "timestamp",
        "'1900-01-01 00:00:00.000001'",
        "'1900-01-01 00:00:00.000001'",
        "'1900-01-01'"
    )]
    [InlineData(
        "timestamp",
        "timestamp",
        "'0044-03-15 (BC) 00:00:00'",
        "'0044-03-15 00:00:00 BC'",
        "'0044-03-15'"
    )]
    [InlineData("timestamp", "timestamp", "'infinity'", "'infinity'", "'-infinity'")]
    [InlineData(
        "timestamptz",
        "timestamptz",
        "'9999-12-31 23:59:59.999999+00'",
        "'9999-12-31 23:59:59.999999+00'",
        "'9999-12-31 23:59:59.999998+00'"
    )]
    [InlineData("date", "date", "'2026-02-28'", "'2026-02-28'", "'2026-03-01'")]
    [InlineData("date", "timestamp", "'2026-02-28'", "'2026-02-28 00:00'", "'2026-02-28 00:00:01'")]
    [InlineData("date", "date", "'infinity'", "'infinity'", "'-infinity'")]
    [InlineData("time", "time", "'12:00:00.25'", "'12:00:00.250000'", "'12:00:00'")]
    [InlineData("boolean", "boolean", "true", "true", "false")]
    [InlineData(
        "uuid",
        "uuid",
        "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'"
    )]
    [InlineData(
        "uuid",
        "text",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "'x'"
    )]
    [InlineData("varchar", "text", "'ä|\\ \n☃ 𝄞'", "'ä|\\ \n☃ 𝄞'", "'ä|\\ \n☃ 𝄟'")]
    [InlineData("varchar", "text", "''", "''", "' '")]
    [InlineData("varchar", "text", "'\\0'", "'\\0'", "null")]
    [InlineData("varchar", "char(5)", "'ab'", "'ab'", "'abc'")]
    [InlineData("enum('a', 'b')", "text", "'a'", "'a'", "'b'")]
    [InlineData("blob", "bytea", "'\\x00\\xAB'", "'\\x00ab'", "'\\x00ac'")]
    public void Values_OfBothEngines_AreEqualWhereTheyMeanTheSame(
        string duckDbType,
        string postgresType,
        string duckDb,
        string same,
        string other
    )
    {
        _duckDb.Execute($"create table a (id integer, v {duckDbType})");
        _duckDb.Execute($"insert into a values (1, {duckDb}), (2, null)");
        Recreate($"b (id integer, v {postgresType})", $"(1, {same}), (2, null)");
        var check = Check((duckDbType, postgresType), ("key", new[] { "id" }));
        Run(check).Describe(_ => false).ShouldBe("2 rows of a and b agree");

        Recreate($"b (id integer, v {postgresType})", $"(1, {other}), (2, null)");
        var report = Run(check);
        report.Failures.ShouldBe(1);
        report.Examples.Single().Key.ShouldBe(["1"]);
        report.Examples.Single().Columns.Single().Column.ShouldBe("v");

        // as the only thing that a row consists of
        Run(Check((duckDbType, postgresType), ("columns", new[] { "v" }))).Failures.ShouldBe(2);
    }

    [PostgresFact]
    public void ManyRows_AFewDiffer_AreFoundAndNamed()
    {
        const string Rows = "from generate_series(1, 40000) as s(i)";
        _duckDb.Execute("create table a (id integer, v decimal(10,2))");
        _duckDb.Execute($"insert into a select i, i / 4.0 {Rows}");
        Recreate("b (id bigint, v numeric)");
        _postgres.Value.Execute($"insert into b select i, i / 4.0 {Rows}");
        var check = Check(("decimal(10,2)", "numeric"), ("key", new[] { "id" }));
        Run(check).Failures.ShouldBe(0);

        _postgres.Value.Execute("delete from b where id = 77");
        _postgres.Value.Execute("update b set v = v + 1 where id in (5, 39999)");
        _postgres.Value.Execute("insert into b values (50000, 1)");
        var report = Run(check);
        report.IsPartial.ShouldBeFalse();
        report
            .Describe(_ => false)
            .ShouldBe(
                "4 keys differ: 1 only in a, 1 only in b, 2 with other values of v; sum of v: 200005000 and 200004983.75"
            );
        report
            .Examples.Select(one =>
                $"{one.Key[0]} {one.Kind} {string.Join(", ", one.Columns.Select(c => $"{c.Here} {c.There}"))}".Trim()
            )
            .ShouldBe(
                [
                    "77 OnlyHere",
                    "50000 OnlyThere",
                    "5 OtherValues 1.25 2.25",
                    "39999 OtherValues 9999.75 10000.75",
                ],
                ignoreOrder: true
            );
    }

    [PostgresFact]
    public void Floats_RoundedApartAtTheLastDigitThatCounts_AreEqual()
    {
        _duckDb.Execute("create table a (id integer, v double)");
        _duckDb.Execute("insert into a values (1, 0.12344999999), (2, 1.5)");
        Recreate("b (id integer, v double precision)", "(1, 0.12345000001), (2, 1.6)");
        var report = Run(Check(("double", "double precision"), ("key", new[] { "id" }), ("digits", 4L)));
        report.Failures.ShouldBe(1);
        report.Examples.Single().Key.ShouldBe(["2"]);
    }

    [PostgresFact]
    public void Keys_ThatOccurMoreOftenOnOneSide_Differ()
    {
        _duckDb.Execute("create table a (id integer, v integer)");
        _duckDb.Execute("insert into a values (1, 1), (1, 1), (null, 2)");
        Recreate("b (id integer, v integer)", "(1, 1), (null, 2)");
        var report = Run(Check(("integer", "integer"), ("key", new[] { "id" })));
        report
            .Describe(_ => false)
            .ShouldBe("1 key differs: 1 more often on one side; rows: 3 and 2; sum of v: 4 and 3");
    }

    [PostgresFact]
    public void Columns_ThatCannotBeCompared_AreLeftOutOrRefused()
    {
        _duckDb.Execute("create table a (id integer, v integer[])");
        Recreate("b (id integer, v text)");
        var check = Check(("integer[]", "text"), ("key", new[] { "id" }));
        Run(check).Describe(_ => false).ShouldBe("0 rows of a and b agree; not compared: v");
        Refused(("integer[]", "text"), ("columns", new[] { "v" }))
            .ShouldBe("column 'v' cannot be reconciled: it is integer[] here and text there");
        Refused(("integer", "integer"), ("key", new[] { "id" }), ("columns", new[] { "w" }))
            .ShouldBe("'orders' has no column 'w'");
    }

    private ReconcileReport Run(PlannedCheck check) => _duckDb.Reconcile(check, _postgres.Value);

    private PlannedCheck Check((string Here, string There) types, params (string, object?)[] arguments)
    {
        var plan = Plan(types, arguments);
        plan.Rejected.SelectMany(one => one.Diagnostics).Select(one => one.Message).ShouldBeEmpty();
        return plan.Reconciliations.Single();
    }

    private string Refused((string Here, string There) types, params (string, object?)[] arguments) =>
        Plan(types, arguments).Rejected.Single().Diagnostics.Single().Message;

    private CheckPlan Plan((string Here, string There) types, (string, object?)[] arguments)
    {
        var here = Given.Relation("a", ("id", "integer"), ("v", types.Here));
        var there = Given.Relation("b", ("id", "bigint"), ("v", types.There));
        var test = Given.Test("reconcile", null, null, [("to", new Given.Ref("b")), .. arguments]);
        var request = Given.Request(_duckDb, here, test) with
        {
            Place = id =>
                id == Given.Model
                    ? new PlacedRelation(here, _duckDb.Dialect, "a")
                    : new PlacedRelation(there, _postgres.Value.Dialect, "b"),
        };
        return CheckPlanner.Plan(request);
    }

    private void Recreate(string table, string? rows = null)
    {
        _postgres.Value.Execute("drop table if exists b");
        _postgres.Value.Execute($"create table {table}");
        if (rows is not null)
            _postgres.Value.Execute($"insert into b values {rows}");
    }
}
