using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>What a failing test gives people to act on.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private const string People =
        "select * from (values ('x', 1, 'ann@home', null), ('y', 2, 'ben@home', 7), ('z', 3, 'cy@home', 7), ('w', 4, null, 7)) as v(junk, id, email, age)";

    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task RowTest_GivesShareKeyFirstAndWorkingQuery()
    {
        var project = _bench
            .Project()
            .Model("people", People, config: c => c with { UniqueKey = ["id"] })
            .Expect("people", "not_null", "age", new TestConfig { Severity = TestSeverity.Warn });

        var test = (await _bench.BuildAsync(project)).Node("people").Tests.Single();

        (test.Failures, test.Checked, test.Percent).ShouldBe((1, 4, 25));
        var samples = test.Samples.ShouldNotBeNull();
        samples.Columns.ShouldBe(["id", "age", "junk", "email"]);
        samples.Leading.ShouldBe(2);
        samples.Rows.Single().ShouldBe(["1", null, "x", "ann@home"]);
        test.ReadsStage.ShouldBeTrue();
        // the warning did not keep the rows from being published, so the query finds them
        (await _bench.QueryAsync($"select id from ({test.FailingRowsSql}) as f")).ShouldBe(["1"]);
        test.Diagnostics.Single().Message.ShouldEndWith("warns: 1 of 4 rows (25%)");
    }

    [Fact]
    public async Task UniqueAndRelationships_ShowWholeRows()
    {
        var project = _bench
            .Project()
            .Model("ages", "select 8 as age")
            .Model("people", People, config: c => c with { UniqueKey = ["id"] })
            .Expect("people", "unique", "age")
            .Expect("people", "relationships", "age", null, ("to", null, "ages"), ("field", "age", null));

        var tests = (await _bench.BuildAsync(project)).Node("people").Tests;

        tests
            .Single(test => test.Test.TestName == "unique")
            .Samples!.Rows.Select(row => row[0])
            .ShouldBe(["2", "3", "4"], ignoreOrder: true);
        tests.Single(test => test.Test.TestName == "relationships").Samples!.Columns[0].ShouldBe("id");
    }

    [Fact]
    public async Task PersonalColumns_AreMaskedWhereverTheyShow()
    {
        var project = _bench
            .Project()
            .Model("people", People)
            .Tag("people", "pii", "email")
            .Expect("people", "not_null", "age")
            .Expect("people", "accepted_values", "email", null, ("values", new List<object?> { "a" }, null))
            .Expect("people", "expect_column_max_to_be_between", "email", null, ("max_value", "a", null))
            .Test("odd", "select email as contact, id from {people}");

        var result = await _bench.BuildAsync(project);

        var tests = result.Nodes.SelectMany(node => node.Tests).ToList();
        tests.Count(test => test.Status == TestStatus.Fail).ShouldBe(4, Workbench.Text(result));
        var shown = string.Join(
            "\n",
            tests
                .SelectMany(test => test.Samples?.Rows.SelectMany(row => row) ?? [])
                .Concat(tests.Select(test => test.Observed))
        );
        (shown + Workbench.Text(result)).ShouldNotContain("@home");
        shown.ShouldContain(PersonalColumns.Mask);
        Samples("odd").Masked.ShouldBe(["contact"]);
        Samples("odd").Rows[0].ShouldContain("1");
        Samples("not_null_people_age").Masked.ShouldBe(["email"]);

        FailingRows Samples(string name) => tests.Single(test => test.Test.Name == name).Samples!;
    }

    [Fact]
    public async Task FailingRowsThatCannotBeStored_LeaveTheVerdict()
    {
        await _bench.ExecuteAsync("create schema strata_failures");
        await _bench.ExecuteAsync("create view strata_failures.not_null_people_age as select 1 as one");
        var project = _bench
            .Project()
            .Model("people", People)
            .Expect("people", "not_null", "age", new TestConfig { StoreFailures = true })
            .Expect("people", "not_null", "id");

        var tests = (await _bench.BuildAsync(project)).Node("people").Tests;

        tests.Single(test => test.Test.Column == "id").Status.ShouldBe(TestStatus.Pass);
        var failed = tests.Single(test => test.Test.Column == "age");
        (failed.Status, failed.Failures, failed.StoredIn).ShouldBe((TestStatus.Fail, 1, null));
        failed.Samples.ShouldNotBeNull().Rows.Length.ShouldBe(1);
        failed.Diagnostics.Select(one => one.Code).ShouldBe(["ST6020", "ST6022"]);
    }

    [Fact]
    public async Task FailCalcThatIsNoAggregate_IsAnErrorOfItsTestAlone()
    {
        var project = _bench
            .Project()
            .Model("people", People)
            .Expect(
                "people",
                "accepted_values",
                "id",
                new TestConfig { FailCalc = "n_records" },
                ("values", new List<object?> { 1L, 2L, 3L, 4L }, null)
            )
            .Expect("people", "not_null", "id");

        var tests = (await _bench.BuildAsync(project)).Node("people").Tests;

        tests.Single(test => test.Test.TestName == "not_null").Status.ShouldBe(TestStatus.Pass);
        var broken = tests.Single(test => test.Test.TestName == "accepted_values");
        broken.Status.ShouldBe(TestStatus.Error);
        broken.Diagnostics.ShouldHaveSingleItem().Message.ShouldContain("'n_records', which gave 0 rows");
    }

    [Fact]
    public async Task NoSamplesWanted_NoneAreFetched()
    {
        var project = _bench.Project().Model("people", People).Expect("people", "not_null", "age");

        var result = await _bench.BuildAsync(
            project,
            r => r with { Manifest = r.Manifest with { TestResults = new TestResultsConfig(Samples: 0) } }
        );

        result.Node("people").Tests.Single().Samples.ShouldBeNull();
    }
}
