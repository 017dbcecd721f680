using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Rows of landed files that are gone: no build loses them in silence.</summary>
public sealed class GoneFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig Csv(OnChangedFile change = OnChangedFile.Fail) =>
        new(
            "in/*.csv",
            FileFormat.Csv,
            HivePartitions: false,
            [new ColumnInfo("id", null, "", [], Volatile: false)]
        )
        {
            OnChange = change,
        };

    private Support.ManifestBuilder Project(
        FilesConfig? files = null,
        string name = "bronze",
        string columns = "id, _source_file",
        Materialization materialized = Materialization.Incremental,
        Func<ModelConfig, ModelConfig>? config = null
    ) =>
        _bench
            .Project()
            .Source("events", files ?? Csv())
            .Model(name, $"select {columns} from {{events}}", materialized, config);

    private static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };

    private void Remove(string path) => File.Delete(Path.Combine(_bench.Folder, path));

    private void Move(string from, string to) =>
        File.Move(Path.Combine(_bench.Folder, from), Path.Combine(_bench.Folder, to));

    private Task<string[]> RowsAsync(string relation = "bronze") =>
        _bench.QueryAsync($"select id from main.{relation} order by 1");

    private static Diagnostic Refused(RunResult result, string model = "bronze")
    {
        result.OutcomeOf(model).ShouldBe(Outcome.Failed);
        return result.Node(model).Diagnostics.Single(said => said.Severity == Severity.Error);
    }

    [Fact]
    public async Task TwoGoneFilesOfOneContent_OfWhichOneCopyIsThere_AreOneGoneFile()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n1\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Move("in/b.csv", "in/c.csv");
        Remove("in/a.csv");

        var plan = await _bench.PlanAsync(Project(), Anew);
        var refused = Refused(await _bench.BuildAsync(Project(), Anew));

        plan.Nodes[0].Reason.ShouldBe("--full-refresh; 1 file gone (ST7090)");
        refused.Message.ShouldContain("would lose 1 row of 1 landed file that is");
        (await RowsAsync()).ShouldBe(["1", "1"]);
        _bench.Write("in/d.csv", "id\n1\n");
        (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();
    }

    [Theory]
    [InlineData(OnChangedFile.Fail, true)]
    [InlineData(OnChangedFile.Replace, false)]
    public async Task AFileThatLiesUnderTheNameOfAnother_IsThere_TheOtherIsGone(
        OnChangedFile change,
        bool isRefused
    )
    {
        var project = Project(Csv(change));
        _bench.Write("in/1.csv", "id\n1\n");
        _bench.Write("in/2.csv", "id\n20\n21\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("in/2.csv");
        Move("in/1.csv", "in/2.csv");
        _bench.Write("in/1.csv", "id\n300\n");

        var result = await _bench.BuildAsync(project, Anew);

        if (isRefused)
        {
            var error = Refused(result);
            error.Code.ShouldBe("ST7090");
            error.Message.ShouldContain("would lose 2 rows of 1 landed file that is");
            error.Details.ShouldBe(["in/2.csv"]);
        }
        (await RowsAsync()).ShouldBe(isRefused ? ["1", "20", "21"] : ["1", "300"]);
    }

    [Fact]
    public async Task AFileThatOnlyGrew_HasItsRows_OneThatWasCorrectedIsToldOf()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n1\n10\n");

        var grown = (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();
        _bench.Write("in/b.csv", "id\n20\n");
        var corrected = (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();
        var again = (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();

        grown.Node("bronze").Diagnostics.ShouldBeEmpty();
        var warning = corrected.Node("bronze").Diagnostics.Single();
        warning.Code.ShouldBe("ST7091");
        warning.Message.ShouldContain("the earlier content of landed file 'in/b.csv' of source 'raw.events'");
        again.Node("bronze").Diagnostics.ShouldBeEmpty();
        (await RowsAsync()).ShouldBe(["1", "10", "20"]);
    }

    [Theory]
    [InlineData(Materialization.View, null, "to keep such rows, make it an incremental model;")]
    [InlineData(Materialization.Table, null, "to keep such rows, make it an incremental model;")]
    [InlineData(Materialization.Incremental, true, "to keep such rows, remove full_refresh: true")]
    public async Task AnIncrementalModel_ThatFollowsItsFolderFromNowOn_SaysWhatItLoses(
        Materialization materialized,
        bool? fullRefresh,
        string hint
    )
    {
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("in/a.csv");
        var project = Project(
            materialized: materialized,
            config: config => config with { FullRefresh = fullRefresh }
        );

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        var again = (await _bench.BuildAsync(project, Anew)).ShouldSucceed();

        var warning = result.Node("bronze").Diagnostics.Single();
        warning.Code.ShouldBe("ST7091");
        warning.Hint.ShouldNotBeNull().ShouldStartWith(hint);
        again.Nodes.SelectMany(node => node.Diagnostics).ShouldBeEmpty();
        (await RowsAsync()).ShouldBe(["2"]);
    }

    [Fact]
    public async Task AGoneFileWithoutRows_KeepsNoModelFromBeingBuilt()
    {
        _bench.Write("in/a.csv", "id\n");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("in/a.csv");

        (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["2"]);
    }

    [Fact]
    public async Task AGoneFile_WhoseRowsAnotherHasWrittenOver_IsMissedAllTheSame()
    {
        var project = Project(config: config => config with { UniqueKey = ["id"] });
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/b.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("in/a.csv");

        var refused = Refused(await _bench.BuildAsync(project, Anew));

        refused.Message.ShouldContain("would lose the rows of 1 landed file that is");
    }

    [Fact]
    public async Task AGoneFile_WhoseRowsDoNotSayWhereTheyAreFrom_IsMissed()
    {
        static ModelConfig Grows(ModelConfig config) =>
            config with
            {
                OnSchemaChange = OnSchemaChange.AppendNewColumns,
            };
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(Project(columns: "id", config: Grows))).ShouldSucceed();
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project(config: Grows))).ShouldSucceed();
        Remove("in/a.csv");

        var refused = Refused(await _bench.BuildAsync(Project(config: Grows), Anew));

        refused.Message.ShouldContain("would lose the rows of 1 landed file that is");
    }

    [Fact]
    public async Task AGoneFile_OfWhichRowsWaitInTheQuarantineOnly_IsMissed()
    {
        _bench.Write("in/a.csv", "id\n\"\"\n");
        _bench.Write("in/b.csv", "id\n2\n");
        _bench.Write("in/c.csv", "id\n3,4\n");
        var project = Project()
            .Expect(
                "bronze",
                "expect",
                null,
                new TestConfig { Severity = TestSeverity.Quarantine },
                ("expression", "id <> ''", null)
            );
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("in/a.csv");
        Remove("in/c.csv");

        var refused = Refused(await _bench.BuildAsync(project, Anew));

        refused.Message.ShouldContain("would lose 2 rows of 2 landed files that are");
    }

    [Fact]
    public async Task ManyGoneFiles_AreCountedAtOnce()
    {
        for (var i = 0; i < 1200; i++)
            _bench.Write($"in/{i:0000}.csv", $"id\n{i}\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        for (var i = 0; i < 1100; i++)
            Remove($"in/{i:0000}.csv");

        var refused = Refused(await _bench.BuildAsync(Project(), Anew));

        refused.Message.ShouldContain("would lose 1100 rows of 1100 landed files that are");
        refused.Details[^1].ShouldBe("and 1095 more");
        refused.Hint.ShouldNotBeNull().ShouldContain("full_refresh: true");
    }

    [Fact]
    public async Task ATableOfAnotherNode_IsNotReplacedWithoutItsGoneFiles()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project().Alias("bronze", "orders"))).ShouldSucceed();
        Remove("in/a.csv");
        var renamed = Project(name: "silver").Alias("silver", "orders");

        var plan = await _bench.PlanAsync(renamed);
        var refused = Refused(await _bench.BuildAsync(renamed), "silver");
        var table = Project(name: "silver", materialized: Materialization.Table).Alias("silver", "orders");

        plan.Nodes[0].Reason.ShouldBe("was 'bronze' before; 1 file gone (ST7090)");
        refused.Code.ShouldBe("ST7090");
        (await RowsAsync("orders")).ShouldBe(["1", "2"]);
        var result = (await _bench.BuildAsync(table)).ShouldSucceed();
        result.Node("silver").Diagnostics.Single().Code.ShouldBe("ST7091");
    }

    [Fact]
    public async Task AModelUnderANewName_SaysWhatItLeavesBehind_AndDoesNotLoseItOnItsWayBack()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("in/a.csv");

        var away = (await _bench.BuildAsync(Project().Alias("bronze", "other"))).ShouldSucceed();
        _bench.Write("in/c.csv", "id\n30\n");
        (await _bench.BuildAsync(Project().Alias("bronze", "other")))
            .ShouldSucceed()
            .Node("bronze")
            .Diagnostics.ShouldBeEmpty();
        var plan = await _bench.PlanAsync(Project());
        var back = Refused(await _bench.BuildAsync(Project()));

        var warning = away.Node("bronze").Diagnostics.Single();
        warning.Code.ShouldBe("ST7091");
        warning.Message.ShouldBe(
            "'bronze' starts over as main.other, without the rows of 1 landed file that is no longer there: those are in main.bronze"
        );
        (await RowsAsync("other")).ShouldBe(["2", "30"]);
        plan.Nodes[0].Reason.ShouldBe("was main.other before; 1 file gone (ST7090)");
        back.Message.ShouldContain("would lose 1 row of 1 landed file that is");
        (await RowsAsync()).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task AFileThatComesBack_IsTakenInUnderTheNewName_AndTheOldOneIsForgotten()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("in/a.csv");
        (await _bench.BuildAsync(Project().Alias("bronze", "other"))).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n1\n");

        (await _bench.BuildAsync(Project().Alias("bronze", "other"))).ShouldSucceed();
        (await RowsAsync("other")).ShouldBe(["1"]);
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["1"]);
        (await _bench.QueryAsync("select consumer from _strata.files order by 1")).ShouldBe([
            "/main.other",
            "model.shop.bronze",
        ]);
    }

    [Fact]
    public async Task ARelationThatNoModelWas_HasNoRowsOfGoneFiles()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync("create table main.other as select 9 as id");
        Remove("in/a.csv");

        var result = (await _bench.BuildAsync(Project().Alias("bronze", "other"))).ShouldSucceed();

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7091");
        (await RowsAsync("other")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task ARollback_TakesTheFilesOfTheLeftRelationBack()
    {
        _bench.Write("in/a.csv", "id\n1\n");
        var first = (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await _bench.BuildAsync(Project().Alias("bronze", "other"))).ShouldSucceed();

        (await _bench.RollbackAsync(Project(), first.Plan.RunId)).ShouldBeBack();

        (await _bench.QueryAsync("select consumer, path from _strata.files order by 1")).ShouldBe([
            "model.shop.bronze|in/a.csv",
        ]);
    }

    [Theory]
    [InlineData("id, regexp_replace(_source_file, '^.*/', '') as _source_file from {events}")]
    [InlineData("max(id) as id, max(_source_file) as _source_file from {events} group by length(id)")]
    [InlineData("a.id, a._source_file from {events} a join {events} b on b.id <> a.id where b.id = '1'")]
    public async Task WhatSaysNotOfWhichFileARowIs_IsNotTakenToHaveNoRowsOfOneThatIsGone(string query)
    {
        var project = _bench
            .Project()
            .Source("events", Csv())
            .Model("bronze", $"select {query}", Materialization.Incremental);
        _bench.Write("in/1.csv", "id\n1\n");
        _bench.Write("in/2.csv", "id\n2\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var rows = await RowsAsync();
        Remove("in/1.csv");

        Refused(await _bench.BuildAsync(project, Anew)).Code.ShouldBe("ST7090");

        (await RowsAsync()).ShouldBe(rows);
    }

    [Theory]
    [InlineData(
        "max(id) as id, max(_source_file) as _source_file from {events} group by length(id)",
        "only one of the files"
    )]
    [InlineData("a.id, a._source_file from {events} a join {names} b on b.id = a.id", "it joins")]
    public async Task WhatIsMadeOfSeveralFiles_DoesNotReplaceTheRowsOfOne(string query, string words)
    {
        var project = _bench
            .Project()
            .Source("events", Csv(OnChangedFile.Replace))
            .Source("names", Csv(OnChangedFile.Replace) with { Path = "names/*.csv" })
            .Model("bronze", $"select {query}", Materialization.Incremental);
        _bench.Write("in/1.csv", "id\n1\n");
        _bench.Write("names/1.csv", "id\n1\n2\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/1.csv", "id\n2\n");

        var error = Refused(await _bench.BuildAsync(project));

        error.Code.ShouldBe("ST7044");
        error.Message.ShouldContain(words);
        (await RowsAsync()).ShouldBe(["1"]);
    }
}
