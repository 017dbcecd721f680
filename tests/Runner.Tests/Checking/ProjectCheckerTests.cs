using System.Collections.Immutable;
using Strata.Adapters.DuckDb;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Checking;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Checking;

public sealed class ProjectCheckerTests : IAsyncDisposable
{
    private readonly Workbench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private Support.ManifestBuilder Project() =>
        _bench.Project().Seed("orders", "id,customer,amount\n1,ada,10.5\n2,bob,3\n");

    private async Task<CheckReport> CheckAsync(
        Support.ManifestBuilder project,
        Func<RunRequest, RunRequest>? change = null
    )
    {
        var report = await ProjectChecker.RunAsync(
            _bench.Request(
                project,
                RunCommand.Test,
                request => (change?.Invoke(request) ?? request) with { OpenEmbedded = OpenEmbedded }
            ),
            CancellationToken.None
        );
        File.Exists(Path.Combine(_bench.Folder, "lake.duckdb")).ShouldBeFalse("nothing is opened");
        return report;
    }

    private static DuckDbAdapter OpenEmbedded() =>
        DuckDbAdapter.Create(
            new ConnectionConfig(
                "embedded",
                EngineType.DuckDb,
                ImmutableSortedDictionary<string, string>.Empty.Add("path", ":memory:").Add("threads", "1"),
                [],
                default
            ),
            "",
            new DiagnosticBag()
        ) ?? throw new InvalidOperationException("DuckDB cannot be opened in memory");

    private static string[] Codes(CheckReport report) => [.. report.Diagnostics.Select(one => one.Code)];

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    [Fact]
    public async Task Run_EveryKindOfModel_Binds()
    {
        var project = Project()
            .Model("up", "select id, customer, amount from {orders}", Materialization.Incremental, Keyed)
            .Model(
                "log",
                "select id, _change from {changes up}",
                Materialization.Incremental,
                Keyed,
                incremental: "select id, _change from {changes up} where id > (select max(id) from {this})"
            )
            .Model(
                "events",
                "select id, customer, amount, _change as gone from {changes up}",
                Materialization.Cdc,
                c =>
                    Keyed(c) with
                    {
                        Cdc = new CdcConfig
                        {
                            SequenceBy = ["amount"],
                            ApplyAsDeletes = "gone = 'delete'",
                            ScdType = 2,
                            ExceptColumns = ["gone"],
                        },
                    }
            )
            .Model("current", "select id, valid_from + 1 as next from {events} where is_current")
            .Model(
                "history",
                "select id, customer from {orders}",
                Materialization.Snapshot,
                c => Keyed(c) with { Snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Check } }
            )
            .Model("moves", "select id, scd_id, valid_from + interval 1 day as next from {history}")
            .Model("part", "select id, null as nothing from {orders}", Materialization.Ephemeral)
            .Model("whole", "select part.id, nothing from {part} as part", Materialization.View);

        var report = await CheckAsync(project);

        Workbench.Text(report.Diagnostics).ShouldBe("");
        report.Models.ShouldAllBe(model => model.Status == CheckStatus.Checked);
        report.Models.Length.ShouldBe(8);
    }

    [Fact]
    public async Task Run_WrongColumn_IsSaidOnceAndNotOfReaders()
    {
        var project = Project()
            .Model("wrong", "select id,\n custmer from {orders}")
            .Model("above", "select * from {wrong}")
            .Model("top", "select id from {above}");

        var report = await CheckAsync(project);

        Codes(report).ShouldBe(["ST5002"]);
        report.Diagnostics[0].Span.ToString().ShouldBe("models/wrong.sql:2:2");
        report
            .Models.Select(model => model.Status)
            .ShouldBe([CheckStatus.HasErrors, CheckStatus.NotChecked, CheckStatus.NotChecked]);
        report.Models[2].Reason?.Text.ShouldBe("it reads 'above', which was not checked");
    }

    [Fact]
    public async Task Run_WrongModelAboveTheSelected_IsSaidAsWell()
    {
        var project = Project().Model("wrong", "select nope from {orders}").Model("above", "from {wrong}");

        var report = await CheckAsync(project, request => request with { Selected = ["model.shop.above"] });

        Codes(report).ShouldBe(["ST5002"]);
    }

    [Fact]
    public async Task Run_IncrementalRendering_IsBoundOverItsOwnColumns()
    {
        var project = Project()
            .Model(
                "grows",
                "select id from {orders}",
                Materialization.Incremental,
                Keyed,
                incremental: "select id from {orders} where id > (select max(idd) from {this})"
            )
            .Model(
                "twice",
                "select nope from {orders}",
                Materialization.Incremental,
                incremental: "select nope from {orders} where true"
            );

        var report = await CheckAsync(project);

        Codes(report).ShouldBe(["ST5002", "ST5002"]);
        report.Diagnostics[0].Message.ShouldContain("the incremental query of model 'grows'");
        report.Diagnostics[1].Message.ShouldContain("rejected model 'twice'");
    }

    [Fact]
    public async Task Run_SourceWithoutColumns_IsNoError()
    {
        var project = Project()
            .Source("clicks")
            .Model("some", "select page from {clicks}")
            .Model("above", "select page from {some}")
            .Model("syntax", "select page frm {clicks}");

        var report = await CheckAsync(project);

        Codes(report).Order().ShouldBe(["ST5002", "ST6091"]);
        report.HasErrors.ShouldBeTrue();
        var left = report.Diagnostics.Single(one => one.Code == "ST6091");
        left.Message.ShouldBe(
            "2 models were not checked: the columns of source 'raw.clicks' are not declared"
        );
        left.Details.ShouldBe(["some, above"]);
    }

    [Fact]
    public async Task Run_FilesWithDeclaredColumns_AreKnown()
    {
        var files = new FilesConfig(
            "landing/*.csv",
            FileFormat.Csv,
            false,
            [new ColumnInfo("id", "integer", "", [], Volatile: false)]
        );
        var project = Project()
            .Source("landed", files)
            .Model("kept", "select id + 1 as next, _source_file, _rescued from {landed}")
            .Model("seen", "select id from {landed}", Materialization.View)
            .Model("wrong", "select idd from {landed}");

        var report = await CheckAsync(project);

        Codes(report).ShouldBe(["ST5002"]);
        report.Diagnostics[0].Message.ShouldContain("'wrong'");
    }

    [Fact]
    public async Task Run_NamesInConfigurationAndTests_MustBeColumns()
    {
        var project = Project()
            .Model("up", "select id, amount as \"odd \"\"name\"\" é\" from {orders}")
            .Expect("up", "not_null", "odd \"name\" é")
            .Expect("up", "not_null", "amount")
            .Test("none", "select * from {up} where amt < 0")
            .Model(
                "grows",
                "select id from {orders}",
                Materialization.Incremental,
                c => c with { UniqueKey = ["idd"], MergeExcludeColumns = ["x"], EventTime = "at" }
            )
            .Tag("up", "pii", "customer");

        var report = await CheckAsync(project);

        Codes(report).Order().ShouldBe(["ST5002", "ST6004", "ST6090", "ST7008", "ST7008", "ST7008"]);
        report.Diagnostics.Count(one => one.IsError).ShouldBe(3);
        report.Tests.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Run_WhatAHookMayMake_IsNoError()
    {
        const string hooked = "select twice(amount) as amount from {orders}";
        var project = Project().Model("hooked", hooked);
        (await CheckAsync(project)).HasErrors.ShouldBeTrue();

        var report = await CheckAsync(
            Project()
                .Model(
                    "hooked",
                    hooked,
                    config: c => c with { PreHooks = ["create macro twice(x) as 2 * x"] }
                )
                .Model("wrong", "select nope from {orders}")
        );

        Codes(report).Order().ShouldBe(["ST5002", "ST6091"]);
    }

    [Fact]
    public async Task Run_Contract_IsHeldAgainstWhatTheEngineSays()
    {
        var project = Project()
            .Model("kept", "select id from {orders}", config: c => c with { ContractEnforced = true })
            .Change(
                "kept",
                model => model with { Columns = [new ColumnInfo("id", "varchar", "", [], Volatile: false)] }
            );

        Codes(await CheckAsync(project)).ShouldBe(["ST6083"]);
    }
}
