using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>Landing zones with links: what a link leads to is what lands.</summary>
public sealed class LinkedFilesRunTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Bronze(
        string path = "landing/**/*.csv*",
        FileFormat format = FileFormat.Csv,
        Materialization kind = Materialization.Incremental
    ) =>
        _bench
            .Project()
            .Source(
                "events",
                new FilesConfig(
                    path,
                    format,
                    HivePartitions: false,
                    [new ColumnInfo("id", "varchar", "", [], Volatile: false)]
                )
            )
            .Model("bronze", "select id, _source_file from {events}", kind);

    private string Full(string path) => Path.Combine(_bench.Folder, path);

    private void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.CreateSymbolicLink(Full(path), target);
    }

    private Task<string[]> RowsAsync() => _bench.QueryAsync("from main.bronze order by all");

    [Fact]
    public async Task LinkedFile_IsTakenInOnce_AndAgainWhenItsTargetChanges()
    {
        _bench.Write("real/a.csv", "id\none\n");
        Link("landing/a.csv", "../real/a.csv");
        Link("landing/b.csv", "a.csv");

        (await _bench.BuildAsync(Bronze())).ShouldSucceed().Node("bronze").Diagnostics.ShouldBeEmpty();
        var again = await _bench.BuildAsync(Bronze());
        _bench.Write("real/a.csv", "id\none\ntwo\n");
        var changed = await _bench.PlanAsync(Bronze());

        (await RowsAsync()).ShouldBe(["one|landing/a.csv", "one|landing/b.csv"]);
        again.OutcomeOf("bronze").ShouldBe(Outcome.Fresh);
        changed.Nodes.Single().Reason.ShouldBe("2 changed files (ST7005)");
    }

    [Fact]
    public async Task LinkInALinkedFolder_IsRelativeToWhereItReallyLies()
    {
        _bench.Write("real/x.csv", "id\none\n");
        _bench.Write("x.csv", "id\nanother\n");
        Link("real/inner/rel.csv", "../x.csv");
        Link("landing/deep", "../real/inner");

        (await _bench.BuildAsync(Bronze("landing/**/*.csv")))
            .ShouldSucceed()
            .Node("bronze")
            .Diagnostics.ShouldBeEmpty();

        (await RowsAsync()).ShouldBe(["one|landing/deep/rel.csv"]);
    }

    [Fact]
    public async Task LinkThatLeadsNowhere_IsLeftOutUntilItLeadsSomewhere()
    {
        _bench.Write("landing/a.csv", "id\none\n");
        Link("landing/b.csv", "../real/b.csv");
        Link("landing/c.csv", "d.csv");
        Link("landing/d.csv", "c.csv");

        var first = (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        first
            .Node("bronze")
            .Diagnostics.Where(warning => warning.Code == "ST7041")
            .SelectMany(warning => warning.Details)
            .ShouldBe([
                "it is a link to '../real/b.csv', which is not there",
                "it is a link to 'd.csv', which is not there",
                "it is a link to 'c.csv', which is not there",
            ]);
        (await RowsAsync()).ShouldBe(["one|landing/a.csv"]);

        _bench.Write("real/b.csv", "id\ntwo\n");
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["one|landing/a.csv", "two|landing/b.csv"]);
    }

    [Fact]
    public async Task LinkedFile_OfAView_IsRead()
    {
        _bench.Write("real/a.csv", "id\none\n");
        Link("landing/a.csv", "../real/a.csv");

        (await _bench.BuildAsync(Bronze(kind: Materialization.View))).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["one|landing/a.csv"]);
    }

    [Fact]
    public async Task LinkedFolders_AreFollowed_ExceptBackToWhereTheyLie()
    {
        _bench.Write("landing/a/1.csv", "id\none\n");
        _bench.Write("real/deep/2.csv", "id\ntwo\n");
        Link("landing/b", "../real");
        Link("landing/a/self", ".");
        Link("landing/a/up", "../../landing");
        // two that lead into each other
        Link("real/to_a", "../landing/a");
        Link("landing/a/to_real", "../../real");

        (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        (await RowsAsync()).ShouldBe([
            "one|landing/a/1.csv",
            "one|landing/b/to_a/1.csv",
            "two|landing/a/to_real/deep/2.csv",
            "two|landing/b/deep/2.csv",
        ]);
    }

    [Fact]
    public async Task SingleFile_ThatIsALink_IsRead()
    {
        _bench.Write("real/a.csv", "id\none\n");
        Link("landing/a.csv", Full("real/a.csv"));

        (await _bench.BuildAsync(Bronze("landing/a.csv"))).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["one|landing/a.csv"]);
    }

    [Fact]
    public async Task BracesOfFolders_AreAllRead()
    {
        _bench.Write("lake/a/x/1.csv", "id\none\n");
        _bench.Write("lake/b/2.csv", "id\ntwo\n");
        _bench.Write("lake/c/x/3.csv", "id\nthree\n");

        (await _bench.BuildAsync(Bronze("lake/{a/**,b,d}/*.csv"))).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["one|lake/a/x/1.csv", "two|lake/b/2.csv"]);
    }
}
