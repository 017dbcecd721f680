using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests;

public sealed class DuckDbCoreExpectationsTests : CoreExpectationsTests
{
    protected override TestEngine Open() => new DuckDbEngine();
}

public sealed class PostgresCoreExpectationsTests(PostgresDatabase database)
    : CoreExpectationsTests,
        IClassFixture<PostgresDatabase>
{
    protected override TestEngine Open() => new PostgresEngine(database);
}

public abstract class CoreExpectationsTests : EngineTests
{
    [PostgresFact]
    public void CoreTests_OnRowsWithDefects_CountAsDbtDoes()
    {
        var orders = Orders();
        var verdicts = Run(
            orders,
            Given.Test("not_null", "id"),
            Given.Test("unique", "id"),
            Given.Test("accepted_values", "status", null, ("values", new[] { "placed", "it's" })),
            Given.Test("relationships", "customer", null, ("to", new Given.Ref("customers")), ("field", "id"))
        );
        verdicts
            .ToDictionary(v => v.Test.TestName!, v => v.Failures)
            .ShouldBe(
                new Dictionary<string, long>
                {
                    ["not_null"] = 1, // of six rows
                    ["unique"] = 1, // one value, three rows
                    ["accepted_values"] = 2, // two values, three rows
                    ["relationships"] = 2, // two rows, one value
                },
                ignoreOrder: true
            );
        verdicts.ShouldAllBe(v => v.Status == CheckStatus.Fail);
    }

    [PostgresTheory]
    [InlineData("!= 0", "!= 0", TestSeverity.Error, CheckStatus.Fail)]
    [InlineData("!= 0", "!= 0", TestSeverity.Warn, CheckStatus.Warn)]
    [InlineData("> 0", "> 1", TestSeverity.Error, CheckStatus.Warn)]
    [InlineData("> 1", "> 1", TestSeverity.Error, CheckStatus.Pass)]
    [InlineData("between 1 and 3", "> 3", TestSeverity.Error, CheckStatus.Warn)]
    [InlineData("> 10%", "> 17 %", TestSeverity.Error, CheckStatus.Warn)]
    [InlineData("> 17%", "> 16%", TestSeverity.Error, CheckStatus.Fail)]
    [InlineData("> 5", "= 1", TestSeverity.Warn, CheckStatus.Pass)]
    public void Thresholds_OneFailureInSixRows_DecideAsDbtDoes(
        string warnIf,
        string errorIf,
        TestSeverity severity,
        CheckStatus expected
    )
    {
        var config = new TestConfig
        {
            WarnIf = warnIf,
            ErrorIf = errorIf,
            Severity = severity,
        };
        Run(Orders(), Given.Test("not_null", "id", config)).Single().Status.ShouldBe(expected);
    }

    [PostgresTheory]
    [InlineData(0.83, CheckStatus.Pass)]
    [InlineData(0.84, CheckStatus.Fail)]
    public void Mostly_FiveOfSixPass_ComparesShare(double mostly, CheckStatus expected) =>
        Run(Orders(), Given.Test("not_null", "id", new TestConfig { Mostly = mostly }))
            .Single()
            .Status.ShouldBe(expected);

    [PostgresFact]
    public void FailCalcAndLimit_OwnAggregate_IsCompared()
    {
        var verdict = Run(
                Orders(),
                Given.Test("unique", "id", new TestConfig { FailCalc = "sum(n_records)", ErrorIf = "> 3" })
            )
            .Single();
        verdict.Failures.ShouldBe(3);
        verdict.Status.ShouldBe(CheckStatus.Warn);
        Run(
                Orders(),
                Given.Test(
                    "unique",
                    "status",
                    new TestConfig { FailCalc = "sum(n_records)", Where = "id > 5" }
                )
            )
            .Single()
            .Status.ShouldBe(CheckStatus.Pass, "a sum over no rows is null, and null is no failure");
        Run(
                Orders(),
                Given.Test(
                    "relationships",
                    "customer",
                    new TestConfig { Limit = 1 },
                    ("to", new Given.Ref("customers")),
                    ("field", "id")
                )
            )
            .Single()
            .Failures.ShouldBe(1);
    }

    /// <summary>Every key twice: all rows fail, however few of them are looked at.</summary>
    [PostgresFact]
    public void Limit_ShareOfRows_IsOfAllFailures()
    {
        Engine.Execute("drop table if exists pairs; create table pairs (k integer)");
        Engine.Execute("insert into pairs select g % 50 from generate_series(0, 99) as t(g)");
        var limited = new TestConfig { Limit = 10, Mostly = 0.9 };
        TestNode Orphans(TestConfig config) =>
            Given.Test("relationships", "k", config, ("to", new Given.Ref("customers")), ("field", "id"));
        Orders();
        var verdicts = Run(
            Given.Relation("pairs", ("k", "integer")),
            Given.Test("expect_column_values_to_be_unique", "k", limited),
            Orphans(limited),
            Given.Test("unique", "k", new TestConfig { ErrorIf = "> 20%", Limit = 1 }),
            // the same query without a share stops at the limit
            Orphans(new TestConfig { Limit = 10 })
        );

        verdicts.ShouldAllBe(v => v.Status == CheckStatus.Fail);
        verdicts.Select(v => v.Failures).ShouldBe([100, 96, 50, 10], ignoreOrder: true);
    }

    [PostgresTheory]
    [InlineData("accepted_values", "n_records", 0)]
    [InlineData("unique", "n_records - 2", 2)]
    public void FailCalc_NoAggregate_IsNoMeasure(string name, string failCalc, int rows)
    {
        Engine.Execute("drop table if exists twice; create table twice (k integer)");
        Engine.Execute("insert into twice values (1), (1), (2), (2), (2)");
        var test = Given.Test(
            name,
            "k",
            new TestConfig { FailCalc = failCalc },
            name == "unique" ? [] : [("values", new[] { 1L, 2L })]
        );
        var query = CheckPlanner
            .Plan(Given.Request(Engine, Given.Relation("twice", ("k", "integer")), test))
            .Queries.Single();
        var misfit = query.FindMisfit(test, Engine.Query(query.Sql)).ShouldNotBeNull();
        misfit.Code.ShouldBe("ST6003");
        misfit.Message.ShouldBe(
            $"'fail_calc' must be an aggregate over the failing rows, not '{failCalc}', which gave {rows} rows"
        );
    }

    [PostgresTheory]
    [InlineData("expect_column_median_to_be_between")]
    [InlineData("dbt_expectations.expect_column_median_to_be_between")]
    [InlineData("dbt_expectations.expect_column_quantile_values_to_be_between")]
    public void Median_OfDecimals_LiesBetweenThem(string name)
    {
        Engine.Execute("drop table if exists prices; create table prices (price decimal(10, 0))");
        Engine.Execute("insert into prices values (1), (2)");
        (string, object?)[] bounds = [("min_value", 1.5), ("max_value", 1.5)];
        var verdict = Run(
                Given.Relation("prices", ("price", "decimal(10,0)")),
                Given.Test(
                    name,
                    "price",
                    null,
                    name.Contains("quantile", StringComparison.Ordinal)
                        ? [("quantile", 0.5), .. bounds]
                        : bounds
                )
            )
            .Single();
        double.Parse(verdict.Observed!, CultureInfo.InvariantCulture).ShouldBe(1.5);
        verdict.Status.ShouldBe(CheckStatus.Pass);
    }

    [PostgresTheory]
    [InlineData("1.10", "1.30", 1.2)]
    [InlineData("0.10", "0.50", 0.3)]
    [InlineData("1.10", "2.20", 1.65)]
    public void Median_OfDecimals_IsExactAtItsBound(string one, string other, double median)
    {
        Engine.Execute("drop table if exists prices; create table prices (price decimal(18, 2))");
        Engine.Execute($"insert into prices values ({one}), ({other})");

        Run(
                Given.Relation("prices", ("price", "decimal(18,2)")),
                Given.Test(
                    "expect_column_median_to_be_between",
                    "price",
                    null,
                    ("min_value", median),
                    ("max_value", median)
                )
            )
            .Single()
            .Status.ShouldBe(CheckStatus.Pass);
    }

    [PostgresTheory]
    [InlineData("NaN", 1)]
    [InlineData("Infinity", 1)]
    [InlineData("-Infinity", 2)]
    public void Values_NoOrEndlessNumbersAsText_AreNumbers(string text, int failures)
    {
        Engine.Execute("drop table if exists odd; create table odd (d double precision)");
        Engine.Execute("insert into odd values ('NaN'), ('Infinity')");
        Run(
                Given.Relation("odd", ("d", "double")),
                Given.Test("accepted_values", "d", null, ("values", new[] { text }))
            )
            .Single()
            .Failures.ShouldBe(failures);
    }

    [PostgresTheory]
    [InlineData("2.0")]
    [InlineData(2.0)]
    [InlineData(99999999999L)]
    public void Equality_PrecisionHoweverWritten_IsAWholeNumber(object precision)
    {
        Engine.Execute("drop table if exists here; create table here (d decimal(10, 3))");
        Engine.Execute("insert into here values (1.001)");
        Engine.Execute("drop table if exists there; create table there (d decimal(10, 3))");
        Engine.Execute("insert into there values (1.002)");
        var plan = CheckPlanner.Plan(
            Given.Request(
                Engine,
                Given.Relation("here", ("d", "decimal(10,3)")),
                Given.Test(
                    "dbt_utils.equality",
                    null,
                    null,
                    ("compare_model", new Given.Ref("there")),
                    ("precision", precision)
                )
            )
        );
        if (precision is not long)
            Engine.Run(plan).Single().Status.ShouldBe(CheckStatus.Pass);
        plan.Rejected.ShouldBeEmpty();
    }

    [PostgresTheory]
    [InlineData("real", "r", CheckStatus.Pass)]
    [InlineData("double", "r", CheckStatus.Fail)]
    [InlineData("real", "d", CheckStatus.Fail)]
    [InlineData("double precision", "d", CheckStatus.Pass)]
    [InlineData("decimal(18,4)", "n", CheckStatus.Fail)]
    [InlineData("numeric(10, 0)", "n", CheckStatus.Pass)]
    [InlineData("numeric", "n", CheckStatus.Pass)]
    public void Type_OfFloatsAndDecimals_IsTold(string type, string column, CheckStatus expected)
    {
        Engine.Execute(
            "drop table if exists typed; create table typed (r real, d double precision, n decimal(10, 0))"
        );
        var (real, wide) = Engine is DuckDbEngine ? ("FLOAT", "DOUBLE") : ("real", "double precision");
        var relation = Given.Relation("typed", ("r", real), ("d", wide), ("n", "DECIMAL(10,0)"));
        Run(relation, Given.Test("expect_column_values_to_be_of_type", column, null, ("type", type)))
            .Single()
            .Status.ShouldBe(expected);
    }

    [PostgresFact]
    public void Type_WordFloat_IsTheEnginesOwn() =>
        Run(
                Given.Relation("typed", ("f", Engine is DuckDbEngine ? "FLOAT" : "double precision")),
                Given.Test("expect_column_values_to_be_of_type", "f", null, ("type", "float"))
            )
            .Single()
            .Status.ShouldBe(CheckStatus.Pass);

    [PostgresFact]
    public void Values_AsSql_AreEvaluated() =>
        Run(
                Orders(),
                Given.Test(
                    "accepted_values",
                    "id",
                    null,
                    ("values", new[] { "1 + 0", "2" }),
                    ("quote", false)
                )
            )
            .Single()
            .Failures.ShouldBe(1);

    /// <summary>However a moment is written, both engines compare with the same one.</summary>
    [PostgresTheory]
    [InlineData("1999-12-31 12:00:01", 0)]
    [InlineData("1999-12-31T12:00:01Z", 0)]
    [InlineData("1999-12-31T14:00:01+02:00", 0)]
    [InlineData("Dec 31 1999 12:00:02", 1)]
    [InlineData("12/31/1999", 0)]
    [InlineData("2000-01", 1)]
    public void Bounds_OfMoments_MeanTheSame(string least, int failures)
    {
        Engine.Execute("drop table if exists moments; create table moments (stamp timestamp)");
        Engine.Execute("insert into moments values (timestamp '1999-12-31 12:00:01')");
        Run(
                Given.Relation("moments", ("stamp", "timestamp")),
                Given.Test("expect_column_values_to_be_between", "stamp", null, ("min_value", least))
            )
            .Single()
            .Failures.ShouldBe(failures);
    }

    [PostgresTheory]
    [InlineData("expect_column_sum_to_be_between", 2.0)]
    [InlineData("expect_column_mean_to_be_between", 0.5)]
    [InlineData("expect_column_median_to_be_between", 0.5)]
    public void Figures_OfBooleans_CountTrueAsOne(string name, double figure)
    {
        Engine.Execute("drop table if exists flags; create table flags (on_sale boolean)");
        Engine.Execute("insert into flags values (true), (true), (false), (false), (null)");
        Run(
                Given.Relation("flags", ("on_sale", "boolean")),
                Given.Test(name, "on_sale", null, ("min_value", figure), ("max_value", figure))
            )
            .Single()
            .Status.ShouldBe(CheckStatus.Pass);
    }

    [PostgresFact]
    public void Where_CommentAtItsEnd_IsHarmless() =>
        Run(
                Orders(),
                Given.Test(
                    "not_null",
                    "id",
                    new TestConfig { Where = "orders.status = 'placed' -- only these" }
                )
            )
            .Single()
            .Status.ShouldBe(CheckStatus.Pass);

    [PostgresFact]
    public void HostileNames_QuotesAndSpaces_Work()
    {
        Engine.Execute("create schema \"we\"\"ird sch\"");
        Engine.Execute(
            "create table \"we\"\"ird sch\".\"ta\"\"ble; --\" (\"co\"\"l '1\" integer, \"select\" text)"
        );
        Engine.Execute("insert into \"we\"\"ird sch\".\"ta\"\"ble; --\" values (1, 'a\\'), (null, 'b')");
        var relation = new CheckRelation(
            "\"we\"\"ird sch\".\"ta\"\"ble; --\"",
            "ta\"ble; --",
            [new CheckColumn("co\"l '1", "integer"), new CheckColumn("select", "text")]
        );
        Run(
                relation,
                Given.Test("not_null", "co\"l '1"),
                Given.Test("unique", "select"),
                Given.Test("accepted_values", "select", null, ("values", new[] { "a\\", "';drop" }))
            )
            .OrderBy(v => v.Test.TestName, StringComparer.Ordinal)
            .Select(v => v.Failures)
            .ShouldBe([1, 1, 0]);
    }

    [PostgresFact]
    public void SingularTest_SemicolonAndAlias_CountsRowsAndLeadsErrorsBack()
    {
        var orders = Orders();
        Run(orders, Given.QueryTest("select * from {orders} as o where o.id = 3;\n"))
            .Single()
            .Failures.ShouldBe(3);

        var query = CheckPlanner
            .Plan(Given.Request(Engine, orders, Given.QueryTest("select a,\n  nope from {orders}")))
            .Queries.Single();
        query
            .FindOrigin(query.Sql.IndexOf("nope", StringComparison.Ordinal))!
            .Span.Start.ToString()
            .ShouldBe("2:3");
        query.FindOrigin(0).ShouldBeNull();
    }

    [PostgresFact]
    public void GenericTest_WhereAndRelationThatIsAQuery_NeedNoAlias()
    {
        var orders = Orders() with { Sql = "(select * from orders where id is not null)", IsStored = false };
        var test = Given.QueryTest(
            "select * from {orders} where status is null",
            isGeneric: true,
            new TestConfig { Where = "id = 3" }
        );
        var check = Run(orders, test).Single();
        check.Failures.ShouldBe(1);
        Engine.Query(check.Check.FailingRowsSql(10)).Count.ShouldBe(1);
    }

    [PostgresFact]
    public void FailingRows_EveryMeasure_AreAsManyAsCounted()
    {
        var verdicts = Run(
            Orders(),
            Given.Test("not_null", "id"),
            Given.Test("unique", "id"),
            Given.Test("accepted_values", "status", null, ("values", new[] { "placed" }))
        );
        foreach (var verdict in verdicts)
        {
            Engine.Query(verdict.Check.FailingRowsSql(100)).Count.ShouldBe((int)verdict.Failures);
            Engine.Query(verdict.Check.StoreFailuresSql).Count.ShouldBe((int)verdict.Failures);
        }
    }

    [PostgresFact]
    public void Batch_RowChecksReadItAlone_OthersSayWhyNot()
    {
        var orders = Orders();
        Engine.Execute("create table batch as select * from orders where id = 1");
        var request = Given.Request(
            Engine,
            orders,
            Given.Test("not_null", "id"),
            Given.Test("unique", "id"),
            Given.Test("not_null", "status", new TestConfig { Mostly = 0.5 })
        );
        request = request with
        {
            Batches = request.Batches.Add(Given.Model, new CheckBatch(orders with { Sql = "batch" })),
        };
        var verdicts = Engine
            .Run(CheckPlanner.Plan(request))
            .OrderBy(v => v.Check.WholeBecause, StringComparer.Ordinal)
            .ToList();
        verdicts
            .Select(v => (v.Check.ReadsBatchOnly, v.Check.WholeBecause, v.Failures))
            .ShouldBe([
                (true, null, 0),
                (false, "a row of the batch can repeat a key that is there", 1),
                (false, "mostly is a share of all rows", 1),
            ]);
    }

    [PostgresTheory]
    [InlineData("id is distinct from 3", null)]
    [InlineData("id not in (from limits)", "its condition reads other rows")]
    [InlineData("id not in (table limits)", "its condition reads other rows")]
    [InlineData("id not in (values (3))", "its condition reads other rows")]
    [InlineData("day < 'today'::date", "its condition depends on the time or on chance")]
    [InlineData("day < date ' Tomorrow'", "its condition depends on the time or on chance")]
    public void Batch_ConditionThatReadsMoreThanARow_IsSeen(string expression, string? because) =>
        WholeBecause(Given.Test("expect", null, null, ("expression", expression))).ShouldBe(because);

    [PostgresFact]
    public void Batch_QueryInAListAndFigureOfFailures_AreSeen()
    {
        WholeBecause(
                Given.Test(
                    "dbt_utils.not_accepted_values",
                    "id",
                    null,
                    ("values", new[] { "(select top from limits)" }),
                    ("quote", false)
                )
            )
            .ShouldBe("its condition reads other rows");
        WholeBecause(
                Given.Test(
                    "expect",
                    null,
                    new TestConfig { FailCalc = "case when count(*) > 10 then count(*) else 0 end" },
                    ("expression", "id > 0")
                )
            )
            .ShouldBe("its fail_calc is a figure of all failing rows");
    }

    private string? WholeBecause(TestNode test)
    {
        var orders = Given.Relation("orders", ("id", "integer"), ("day", "date"));
        var request = Given.Request(Engine, orders, test);
        request = request with
        {
            Batches = request.Batches.Add(Given.Model, new CheckBatch(orders with { Sql = "batch" })),
        };
        return CheckPlanner.Plan(request).Queries.Single().Members.Single().WholeBecause;
    }

    [PostgresFact]
    public void Split_BadThreshold_LeavesTheOthersWhole()
    {
        var plan = CheckPlanner.Plan(
            Given.Request(
                Engine,
                Orders() with
                {
                    IsStored = false,
                },
                Given.Test("not_null", "id"),
                Given.Test("not_null", "status", new TestConfig { WarnIf = "!!" })
            )
        );
        var query = plan.Queries.Single();
        Should.Throw<Exception>(() => Engine.Query(query.Sql));
        var alone = query.Split();
        alone[0].Evaluate(Engine.Query(alone[0].Sql)).Single().Failures.ShouldBe(1);
        Should.Throw<Exception>(() => Engine.Query(alone[1].Sql));
    }

    private CheckRelation Orders()
    {
        Engine.Execute(
            "drop table if exists orders; drop table if exists customers; drop table if exists batch"
        );
        Engine.Execute("create table customers (id integer)");
        Engine.Execute("insert into customers values (1), (2), (null)");
        Engine.Execute("create table orders (id integer, status text, customer integer)");
        Engine.Execute(
            "insert into orders values (1, 'placed', 1), (2, 'it''s', 2), (3, 'lost', 9), (3, 'lost', 9), (3, null, null), (null, 'gone', 1)"
        );
        return Given.Relation("orders", ("id", "integer"), ("status", "text"), ("customer", "integer"));
    }

    private List<CheckVerdict> Run(CheckRelation relation, params TestNode[] tests) =>
        Engine.Run(CheckPlanner.Plan(Given.Request(Engine, relation, tests)));
}
