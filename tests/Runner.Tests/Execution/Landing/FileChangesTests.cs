using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Files that change, vanish, or come with other columns.</summary>
public sealed class FileChangesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig Csv(params string[] columns) =>
        new(
            "in/*.csv",
            FileFormat.Csv,
            HivePartitions: false,
            [.. columns.Select(name => new ColumnInfo(name, null, "", [], Volatile: false))]
        );

    private Support.ManifestBuilder Bronze(
        FilesConfig files,
        string columns = "*",
        Func<ModelConfig, ModelConfig>? config = null
    ) =>
        _bench
            .Project()
            .Source("events", files)
            .Model("bronze", $"select {columns} from {{events}}", Materialization.Incremental, config);

    [Fact]
    public async Task Replace_PutsTheNewVersionInThePlaceOfTheOld_AndTellsReaders()
    {
        var files = Csv("id") with { OnChange = OnChangedFile.Replace };
        var project = Bronze(files, "id, _source_file")
            .Model("reader", "select id, _change from {changes bronze}", Materialization.Incremental);
        _bench.Write("in/a.csv", "id\n1\n2\n");
        _bench.Write("in/b.csv", "id\n3\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n2\n20\n");
        _bench.Write("in/c.csv", "id\n4\n");
        File.SetLastWriteTimeUtc(Path.Combine(_bench.Folder, "in/b.csv"), new DateTime(2030, 1, 1));

        var plan = await _bench.PlanAsync(project);
        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        var again = (await _bench.BuildAsync(project)).ShouldSucceed();

        plan.Nodes[0].Reason.ShouldBe("1 new file, 1 changed, 1 with a new time");
        (await _bench.QueryAsync("from main.bronze order by id")).ShouldBe([
            "2|in/a.csv",
            "20|in/a.csv",
            "3|in/b.csv",
            "4|in/c.csv",
        ]);
        result.Node("bronze").Rows!.Deleted.ShouldBe(2);
        result.Node("bronze").Rows!.Inserted.ShouldBe(3);
        again.OutcomeOf("bronze").ShouldBe(Outcome.Fresh);
        (
            await _bench.QueryAsync("select _change, count(*) from main.reader group by 1 order by 1")
        ).ShouldBe(["delete|2", "insert|6"]);
        (await _bench.QueryAsync("select count(*), count(distinct path) from _strata.files")).ShouldBe([
            "3|3",
        ]);
    }

    [Theory]
    [InlineData("id, _source_file", OnVanishedFile.Ignore, "would lose 2 rows of 1 landed file that is")]
    [InlineData("id", OnVanishedFile.Warn, "would lose the rows of 1 landed file that is")]
    [InlineData("id", OnVanishedFile.Delete, null)]
    public async Task FullRefresh_WhereAFileIsGone_IsRefused_UnlessItsRowsAreToGo(
        string columns,
        OnVanishedFile policy,
        string? refusal
    )
    {
        var project = Bronze(Csv("id") with { OnVanish = policy }, columns);
        _bench.Write("in/a.csv", "id\n1\n2\n");
        _bench.Write("in/b.csv", "id\n30\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        File.Delete(Path.Combine(_bench.Folder, "in/a.csv"));
        static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };

        var plan = await _bench.PlanAsync(project, Anew);
        var result = await _bench.BuildAsync(project, Anew);

        plan.Nodes[0].Reason.Contains("ST7090", StringComparison.Ordinal).ShouldBe(refusal is not null);
        var rows = await _bench.QueryAsync("select id from main.bronze order by id");
        if (refusal is null)
        {
            rows.ShouldBe(["30"]);
            return;
        }
        rows.ShouldBe(["1", "2", "30"]);
        var error = result.Node("bronze").Diagnostics.Single();
        error.Code.ShouldBe("ST7090");
        error.Message.ShouldContain(refusal);
        error.Details.ShouldBe(["in/a.csv"]);
    }

    [Fact]
    public async Task FullRefresh_WhereFilesLieElsewhereNow_ReadsThemThere()
    {
        var files = Csv("id");
        _bench.Write("in/a.csv", "id\n1\n2\n");
        (await _bench.BuildAsync(Bronze(files, "id, _source_file"))).ShouldSucceed();
        var moved = files with { Path = "new/*.csv" };
        var project = Bronze(moved, "id, _source_file");
        _bench.Write("new/a.csv", "id\n1\n3\n");
        File.Delete(Path.Combine(_bench.Folder, "in/a.csv"));

        // as many bytes, but others
        var other = await _bench.BuildAsync(project, request => request with { FullRefresh = true });
        other.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7090");
        _bench.Write("new/a.csv", "id\n1\n2\n");
        (await _bench.BuildAsync(project, request => request with { FullRefresh = true })).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by id")).ShouldBe(["1|new/a.csv", "2|new/a.csv"]);
    }

    [Fact]
    public async Task ATable_OfWhichAFileIsGone_FollowsItsFolder_AndSaysSoOnce()
    {
        var project = _bench
            .Project()
            .Source("events", Csv("id"))
            .Model("bronze", "select id from {events}", Materialization.Table);
        _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n30\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        File.Delete(Path.Combine(_bench.Folder, "in/a.csv"));

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        var again = await _bench.BuildAsync(project, request => request with { FullRefresh = true });

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7091");
        again.ShouldSucceed().Node("bronze").Diagnostics.ShouldBeEmpty();
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["30"]);
    }

    [Fact]
    public async Task Replace_RowsThatReferToEachOther_DoNotFindThoseThatGo()
    {
        var files = Csv("id", "boss") with { OnChange = OnChangedFile.Replace };
        var project = Bronze(files, "id, boss, _source_file")
            .Expect(
                "bronze",
                "relationships",
                "boss",
                new TestConfig { Severity = TestSeverity.Quarantine },
                ("to", null, "bronze"),
                ("field", "id", null)
            );
        _bench.Write("in/a.csv", "id,boss\n1,\n2,1\n");
        _bench.Write("in/b.csv", "id,boss\n3,\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        _bench.Write("in/a.csv", "id,boss\n2,1\n4,3\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select id, boss from main.bronze order by id")).ShouldBe(["3|null", "4|3"]);
    }

    [Fact]
    public async Task Replace_ByAnEmptyFile_RemovesTheRows()
    {
        var project = Bronze(Csv("id") with { OnChange = OnChangedFile.Replace }, "id, _source_file");
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select count(*) from main.bronze")).ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("id", null)]
    [InlineData("id, _source_file", "id")]
    public async Task Replace_WhereRowsOfAFileCannotBeTold_IsRefused(string columns, string? key)
    {
        var project = Bronze(
            Csv("id") with
            {
                OnChange = OnChangedFile.Replace,
            },
            columns,
            config => key is null ? config : config with { UniqueKey = [key] }
        );
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n2\n3\n");

        var result = await _bench.BuildAsync(project);

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7044");
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Replace_WhereTheColumnOfTheFileIsNew_IsRefused()
    {
        static ModelConfig Grows(ModelConfig config) =>
            config with
            {
                OnSchemaChange = OnSchemaChange.AppendNewColumns,
            };
        var files = Csv("id") with { OnChange = OnChangedFile.Replace };
        _bench.Write("in/a.csv", "id\n1\n2\n");
        (await _bench.BuildAsync(Bronze(files, "id", Grows))).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n2\n20\n");

        var result = await _bench.BuildAsync(Bronze(files, "id, _source_file", Grows));

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7044");
        (await _bench.QueryAsync("select id from main.bronze order by id")).ShouldBe(["1", "2"]);
        (
            await _bench.BuildAsync(
                Bronze(files, "id, _source_file", Grows),
                request => request with { FullRefresh = true }
            )
        ).ShouldSucceed();
        (await _bench.QueryAsync("select id from main.bronze order by id")).ShouldBe(["2", "20"]);
    }

    [Fact]
    public async Task FieldsOfNearlyTheSameName_LeaveAColumnToTheOneThatIsWrittenLikeIt()
    {
        var files = Csv("day", "change") with { NewColumns = NewFileColumns.Rescue };
        _bench.Write("in/a.csv", "Day,Change %,Change\n2024-01-02,1.5,17.96\n");
        _bench.Write("in/b.csv", "Change,Day,Change %\n18,2024-01-03,2\n");
        _bench.Write("in/c.csv", "change %,day\n3,2024-01-04\n");

        (await _bench.BuildAsync(Bronze(files, "day, change, _rescued"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by day")).ShouldBe([
            "2024-01-02|17.96|{\"Change %\":\"1.5\"}",
            "2024-01-03|18|{\"Change %\":\"2\"}",
            "2024-01-04|3|null",
        ]);
    }

    [Fact]
    public async Task VanishedFile_IsToldOrItsRowsGo_AsTheSourceSays()
    {
        var gone = _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        var warn = Bronze(Csv("id") with { OnVanish = OnVanishedFile.Warn }, "id, _source_file");
        (await _bench.BuildAsync(warn)).ShouldSucceed();
        File.Delete(gone);

        var warned = (await _bench.BuildAsync(warn)).ShouldSucceed();
        (await _bench.BuildAsync(warn)).OutcomeOf("bronze").ShouldBe(Outcome.Fresh);
        var delete = Bronze(Csv("id") with { OnVanish = OnVanishedFile.Delete }, "id, _source_file");
        var plan = await _bench.PlanAsync(delete);
        (await _bench.BuildAsync(delete)).ShouldSucceed();

        warned.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7045");
        plan.Nodes[0].Reason.ShouldBe("1 gone");
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["2"]);
        (await _bench.QueryAsync("select path from _strata.files")).ShouldBe(["in/b.csv"]);
    }

    [Fact]
    public async Task VanishedFile_IsToldOfOnce_ThoughTheModelIsBuiltAgain()
    {
        var gone = _bench.Write("in/a.csv", "id\n1\n");
        _bench.Write("in/b.csv", "id\n2\n");
        var files = Csv("id") with { OnVanish = OnVanishedFile.Warn };
        (await _bench.BuildAsync(Bronze(files, "id"))).ShouldSucceed();
        File.Delete(gone);
        var warned = (await _bench.BuildAsync(Bronze(files, "id"))).ShouldSucceed();

        var again = (await _bench.BuildAsync(Bronze(files, "id || '' as id"))).ShouldSucceed();

        warned.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7045");
        again.OutcomeOf("bronze").ShouldBe(Outcome.Succeeded);
        again.Node("bronze").Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task Replace_RowsThatWereCorrectedOrDropped_StaySo()
    {
        var files = Csv() with
        {
            Columns =
            [
                .. new[] { "id", "amount" }.Select(name => new ColumnInfo(
                    name,
                    "integer",
                    "",
                    [],
                    Volatile: false
                )),
            ],
            OnChange = OnChangedFile.Replace,
        };
        var project = Bronze(files, "id, amount, _source_file")
            .Expect(
                "bronze",
                "expect",
                null,
                new TestConfig { Severity = TestSeverity.Quarantine },
                ("expression", "amount >= 0", null)
            );
        _bench.Write("in/a.csv", "id,amount\n1,-5\n2,-6\n3,-7\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("update main.bronze__quarantine set amount = 5 where id = 1");
        await _bench.ExecuteAsync(
            "update main.bronze__quarantine set _quarantine_status = 'dropped' where id = 2"
        );
        (
            await _bench.BuildAsync(
                project,
                request =>
                    request with
                    {
                        Selected = ["model.shop.bronze"],
                        Replay = new ReplayRequest("model.shop.bronze"),
                    }
            )
        ).ShouldSucceed();
        (await _bench.QueryAsync("select id, amount from main.bronze")).ShouldBe(["1|5"]);

        _bench.Write("in/a.csv", "id,amount\n1,-5\n2,-6\n3,-7\n4,8\n");
        _bench.Write("in/b.csv", "id,amount\n1,-5\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select id, amount from main.bronze order by id")).ShouldBe(["1|5", "4|8"]);
        (
            await _bench.QueryAsync(
                "select id, amount, _quarantine_status, _source_file from main.bronze__quarantine order by 1, 4"
            )
        ).ShouldBe([
            "1|5|replayed|in/a.csv",
            "1|-5|open|in/b.csv",
            "2|-6|dropped|in/a.csv",
            "3|-7|open|in/a.csv",
        ]);
    }

    [Fact]
    public async Task ASourceOfAnotherName_KnowsTheFilesThatWereTakenInUnderTheOldOne()
    {
        var files = Csv("id") with
        {
            Columns = [new ColumnInfo("id", "integer", "", [], Volatile: false)],
            OnChange = OnChangedFile.Replace,
            OnVanish = OnVanishedFile.Delete,
        };
        Support.ManifestBuilder Named(string source) =>
            _bench
                .Project()
                .Source(source, files)
                .Model("bronze", $"select id, _source_file from {{{source}}}", Materialization.Incremental);
        Task<string[]> IdsAsync() => _bench.QueryAsync("select id from main.bronze order by id");
        var first = _bench.Write("in/a.csv", "id\n1\nx\n");
        var gone = _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(Named("people"))).ShouldSucceed();
        var bytes = await File.ReadAllBytesAsync(first);
        var written = File.GetLastWriteTimeUtc(first);

        // one is another file now, of which nothing is rejected; the other one is gone
        _bench.Write("in/a.csv", "id\n1\n10\n");
        File.Delete(gone);
        (await _bench.BuildAsync(Named("staff"))).ShouldSucceed();
        (await IdsAsync()).ShouldBe(["1", "10"]);
        (await _bench.QueryAsync("select source, path from _strata.files")).ShouldBe([
            "source.shop.raw.staff|in/a.csv",
        ]);
        (await _bench.QueryAsync("select path from _strata.rejected")).ShouldBeEmpty();

        // gone, and delivered again as it was first
        _bench.Write("in/c.csv", "id\n");
        File.Delete(first);
        (await _bench.BuildAsync(Named("staff"))).ShouldSucceed();
        (await IdsAsync()).ShouldBeEmpty();
        await File.WriteAllBytesAsync(first, bytes);
        File.SetLastWriteTimeUtc(first, written);
        (await _bench.BuildAsync(Named("staff"))).ShouldSucceed();
        (await IdsAsync()).ShouldBe(["1"]);
    }

    [Fact]
    public async Task UndeclaredCsvColumns_AreText_WhateverStandsInThem()
    {
        _bench.Write("in/a.csv", "id,code\n1,7\n");
        (await _bench.BuildAsync(Bronze(Csv(), "id, code"))).ShouldSucceed();
        _bench.Write("in/b.csv", "id,code\n2,x7\n");

        (await _bench.BuildAsync(Bronze(Csv(), "id, code"))).ShouldSucceed();

        (await _bench.QueryAsync("select id, code, typeof(code) from main.bronze order by 1")).ShouldBe([
            "1|7|VARCHAR",
            "2|x7|VARCHAR",
        ]);
    }

    [Fact]
    public async Task RenamedAndMissingColumns_AreFoundByAliasOrNull_UndeclaredOnesAreRescued()
    {
        _bench.Write("in/a.csv", "Date,VIX Open,Close\n2004-01-02,17.96,1\n");
        _bench.Write("in/b.csv", "DATE,OPEN,note\n2024-01-02,13.2,x\n");
        var files = Csv("date", "open", "close") with
        {
            Aliases = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add(
                "open",
                ["VIX Open"]
            ),
        };

        var result = (await _bench.BuildAsync(Bronze(files, "date, open, close, _rescued"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by 1")).ShouldBe([
            "2004-01-02|17.96|1|null",
            "2024-01-02|13.2|null|{\"note\":\"x\"}",
        ]);
        result
            .Node("bronze")
            .Diagnostics.Single(found => found.Code == "ST7042")
            .Message.ShouldBe("column 'close' of source 'raw.events' is not in 'in/b.csv'");
    }

    [Fact]
    public async Task NewColumns_AreAddedOrRefused_AsTheSourceSays()
    {
        var add = Bronze(
            Csv("id") with
            {
                NewColumns = NewFileColumns.Add,
            },
            config: config => config with { OnSchemaChange = OnSchemaChange.AppendNewColumns }
        );
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(add)).ShouldSucceed();
        _bench.Write("in/b.csv", "id,size\n2,L\n");
        (await _bench.BuildAsync(add)).ShouldSucceed();
        _bench.Write("in/c.csv", "id\n3\n");
        (await _bench.BuildAsync(add)).ShouldSucceed();

        (await _bench.QueryAsync("select id, size from main.bronze order by 1")).ShouldBe([
            "1|null",
            "2|L",
            "3|null",
        ]);

        _bench.Write("in/d.csv", "id,colour\n4,red\n");
        var refused = await _bench.BuildAsync(Bronze(Csv("id") with { NewColumns = NewFileColumns.Fail }));
        refused.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7043");
    }

    [Fact]
    public async Task AFileThatCouldNotBeRead_AndIsMended_IsNoneThatTheRunRefuses()
    {
        var project = Bronze(Csv("id"));
        _bench.Write("in/a.csv", "");
        _bench.Write("in/b.csv", "id\n2\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/a.csv", "id\n1\n");

        var plan = await _bench.PlanAsync(project);
        (await _bench.BuildAsync(project)).ShouldSucceed();

        plan.Nodes[0].Reason.ShouldBe("1 changed file");
        (await _bench.QueryAsync("select id from main.bronze order by id")).ShouldBe(["1", "2"]);
    }

    [Theory]
    [InlineData(OnChangedFile.Replace, OnVanishedFile.Ignore, "")]
    [InlineData(OnChangedFile.Replace, OnVanishedFile.Delete, "")]
    [InlineData(OnChangedFile.Replace, OnVanishedFile.Ignore, "other\n9\n")]
    public async Task FullRefresh_WhereAFileCannotBeReadAnyMore_IsRefused(
        OnChangedFile change,
        OnVanishedFile vanish,
        string content
    )
    {
        var project = Bronze(Csv("id") with { OnChange = change, OnVanish = vanish }, "id, _source_file");
        _bench.Write("in/1.csv", "id\n1\n2\n");
        _bench.Write("in/2.csv", "id\n3\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/1.csv", content);

        var atOnce = await _bench.BuildAsync(project, Anew);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var later = await _bench.BuildAsync(project, Anew);

        foreach (var refused in new[] { atOnce, later })
        {
            var error = refused.Node("bronze").Diagnostics.First(said => said.IsError);
            error.Code.ShouldBe("ST7090");
            error.Message.ShouldBe(
                "rebuilding 'bronze' from nothing would lose 2 rows of 1 landed file that cannot be read"
            );
        }
        (await _bench.QueryAsync("select id from main.bronze order by id")).ShouldBe(["1", "2", "3"]);
        _bench.Write("in/1.csv", "id\n5\n");
        (await _bench.BuildAsync(project, Anew)).ShouldSucceed();
        (await _bench.QueryAsync("select id from main.bronze order by id")).ShouldBe(["3", "5"]);

        static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };
    }

    [Fact]
    public async Task AZoneOfOtherFiles_SaysWhatIsToBeDone_AndThatDoesIt()
    {
        Support.ManifestBuilder Of(bool? fullRefresh) =>
            Bronze(
                Csv("id") with
                {
                    OnVanish = OnVanishedFile.Delete,
                },
                "id, _source_file",
                config => config with { FullRefresh = fullRefresh }
            );
        _bench.Write("in/1.csv", "id\n1\n");
        _bench.Write("in/2.csv", "id\n2\n");
        (await _bench.BuildAsync(Of(false))).ShouldSucceed();
        File.Delete(Path.Combine(_bench.Folder, "in/1.csv"));
        File.Delete(Path.Combine(_bench.Folder, "in/2.csv"));
        _bench.Write("in/3.csv", "id\n30\n");

        var refused = await _bench.BuildAsync(Of(false), Anew);

        var error = refused.Node("bronze").Diagnostics.Single();
        error.Code.ShouldBe("ST7095");
        error
            .Hint.ShouldNotBeNull()
            .ShouldContain("remove full_refresh: false and run --full-refresh --select bronze");
        (await _bench.BuildAsync(Of(null), Anew)).ShouldSucceed();
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["30"]);

        static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };
    }

    [Fact]
    public async Task AZoneThatIsEmptied_TakesNoRowsAlong_UnlessItIsAskedFor()
    {
        var project = Bronze(Csv("id") with { OnVanish = OnVanishedFile.Delete }, "id, _source_file");
        _bench.Write("in/1.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Directory.Delete(Path.Combine(_bench.Folder, "in"), recursive: true);

        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("bronze").ShouldBe(Outcome.Failed);
        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7095");
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["1"]);
        var anew = await _bench.BuildAsync(project, request => request with { FullRefresh = true });
        anew.ShouldSucceed();
        anew.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7006");
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBeEmpty();
    }
}
