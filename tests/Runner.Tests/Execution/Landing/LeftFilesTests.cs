using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Rollback;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Landed files whose source is another one by now, that lie elsewhere, belong to two sources, or are undone.</summary>
public sealed class LeftFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig Csv(string path, params string[] columns) =>
        new(
            path,
            FileFormat.Csv,
            HivePartitions: false,
            [.. columns.Select(name => new ColumnInfo(name, null, "", [], Volatile: false))]
        );

    private Support.ManifestBuilder Bronze(string sql, params (string Name, FilesConfig Files)[] sources)
    {
        var project = _bench.Project();
        foreach (var (name, files) in sources)
            project = project.Source(name, files);
        return project.Model(
            "bronze",
            sql,
            Materialization.Incremental,
            config => config with { OnSchemaChange = OnSchemaChange.SyncAllColumns }
        );
    }

    private Support.ManifestBuilder Reading(string source, FilesConfig files) =>
        Bronze($"select id, _source_file from {{{source}}}", (source, files));

    private const string Both = "select id, _source_file from {a} union all select id, _source_file from {b}";

    private static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };

    private void Remove(string path) => File.Delete(Path.Combine(_bench.Folder, path));

    private static Diagnostic Error(RunResult result) =>
        result.Node("bronze").Diagnostics.First(said => said.IsError);

    private async Task<string> IdsAsync() =>
        string.Join(" ", await _bench.QueryAsync("select id from main.bronze order by id"));

    [Fact]
    public async Task ASourceWithAnotherNameAndPath_LosesNoGoneFiles()
    {
        _bench.Write("in/1.csv", "id\n1\n");
        (await _bench.BuildAsync(Reading("a", Csv("in/*.csv", "id")))).ShouldSucceed();
        var other = Reading("b", Csv("in2/*.csv", "id"));
        _bench.Write("in2/2.csv", "id\n2\n");
        (await _bench.BuildAsync(other)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2");
        Remove("in/1.csv");

        var refused = await _bench.BuildAsync(other, Anew);

        Error(refused).Code.ShouldBe("ST7090");
        Error(refused).Message.ShouldContain("would lose 1 row of 1 landed file that is no longer there");
        Error(refused).Message.ShouldEndWith(".a', which it no longer reads");
        (await IdsAsync()).ShouldBe("1 2");
        _bench.Write("in2/1.csv", "id\n1\n");
        (await _bench.BuildAsync(other, Anew)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task ABranchThatIsTakenOut_LosesNoGoneFiles_AndThoseThatAreThereAreItsOwnAffair()
    {
        var (a, b) = (("a", Csv("a/*.csv", "id")), ("b", Csv("b/*.csv", "id")));
        _bench.Write("a/1.csv", "id\n1\n");
        _bench.Write("b/2.csv", "id\n2\n");
        (await _bench.BuildAsync(Bronze(Both, a, b))).ShouldSucceed();
        var one = Reading("a", a.Item2);
        var none = Bronze("select '9' as id, null as _source_file", b);
        Remove("b/2.csv");

        Error(await _bench.BuildAsync(one, Anew)).Code.ShouldBe("ST7090");
        Error(await _bench.BuildAsync(none, Anew)).Code.ShouldBe("ST7090");
        _bench.Write("b/2.csv", "id\n2\n");
        (await _bench.BuildAsync(one, Anew)).ShouldSucceed();

        (await IdsAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task AFileThatIsMoved_IsSaidToBeThereTwice_UnlessItHasNoRows()
    {
        var project = Reading("a", Csv("in/**/*.csv", "id"));
        _bench.Write("in/1.csv", "id\n1\n");
        _bench.Write("in/2.csv", "id\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in/old"));
        foreach (var name in new[] { "1.csv", "2.csv" })
            File.Move(Path.Combine(_bench.Folder, "in", name), Path.Combine(_bench.Folder, "in/old", name));

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        var said = result.Node("bronze").Diagnostics.Single();
        said.Code.ShouldBe("ST7092");
        said.Message.ShouldContain("'in/old/1.csv'");
        said.Message.ShouldContain("content of 'in/1.csv'");
        _bench.Write("in/3.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed().Node("bronze").Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileThatHasGrown_AndIsMoved_IsSaidToHaveItsOldRowsTwice()
    {
        var project = Reading("a", Csv("in/*.csv", "id"));
        _bench.Write("in/cur.csv", "id\n1\n");
        _bench.Write("in/empty.csv", "id\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("in/cur.csv");
        Remove("in/empty.csv");
        _bench.Write("in/old.csv", "id\n1\n2\n");
        _bench.Write("in/other.csv", "id\n12\n");

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        var said = result.Node("bronze").Diagnostics.ShouldHaveSingleItem();
        said.Code.ShouldBe("ST7092");
        said.Message.ShouldBe(
            "landed file 'in/old.csv' of source 'raw.a' begins with the content of 'in/cur.csv', which is no longer there: 'bronze' now has these rows twice"
        );
        (await IdsAsync()).ShouldBe("1 1 12 2");
    }

    [Fact]
    public async Task AFileOfTwoSources_IsNotReplacedForOneAlone()
    {
        var whole = Csv("in/*.csv", "id") with { OnVanish = OnVanishedFile.Delete };
        var b = ("b", Csv("in/x*.csv", "id"));
        _bench.Write("in/x1.csv", "id\n1\n");
        _bench.Write("in/y1.csv", "id\n2\n");
        (await _bench.BuildAsync(Bronze(Both, ("a", whole), b))).ShouldSucceed();

        var narrowed = await _bench.BuildAsync(Bronze(Both, ("a", whole with { Path = "in/y*.csv" }), b));

        Error(narrowed).Code.ShouldBe("ST7044");
        Error(narrowed).Message.ShouldContain("has taken in rows of 'in/x1.csv'");
        (await IdsAsync()).ShouldBe("1 1 2");
    }

    [Fact]
    public async Task AFileOfTwoSources_IsReplaced_WhereBothDoSo()
    {
        var replaces = Csv("in/*.csv", "id") with
        {
            OnChange = OnChangedFile.Replace,
            OnVanish = OnVanishedFile.Delete,
        };
        var project = Bronze(Both, ("a", replaces), ("b", replaces with { Path = "in/x*.csv" }));
        _bench.Write("in/x1.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        _bench.Write("in/x1.csv", "id\n11\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("11 11");
        _bench.Write("in/x2.csv", "id\n");
        Remove("in/x1.csv");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await IdsAsync()).ShouldBe("");
    }

    [Fact]
    public async Task ARollback_BringsTheColumnsOfFilesBack()
    {
        var project = Bronze(
            "select * exclude (_source_file, _source_row, _ingested_at, _batch_id, _rescued) from {a}",
            ("a", Csv("in/*.csv"))
        );
        _bench.Write("in/1.csv", "id,w\n1,q\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/2.csv", "id,x\n2,b\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await _bench.RollbackAsync(project, "previous")).ShouldBeBack();
        Remove("in/1.csv");
        Remove("in/2.csv");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select id, w from main.bronze")).ShouldBe(["1|q"]);
    }

    [Fact]
    public async Task ARollback_NamesFilesThatCannotBeTakenInAgain()
    {
        var project = Reading("a", Csv("in/*.csv", "id"));
        _bench.Write("in/1.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/2.csv", "id\n2\n");
        _bench.Write("in/3.csv", "id\n3\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("in/1.csv");
        Remove("in/2.csv");

        var dry = await RollbackRunner.RunAsync(
            new RollbackRequest(_bench.Request(project, RunCommand.Build, null), "previous", null)
            {
                DryRun = true,
            },
            CancellationToken.None
        );
        var result = (await _bench.RollbackAsync(project, "previous")).ShouldBeBack();

        foreach (var said in new[] { dry, result }.Select(one => one.Diagnostics.Single()))
        {
            said.Code.ShouldBe("ST7066");
            said.Message.ShouldContain("landed file 'in/2.csv'");
        }
    }

    [Fact]
    public async Task ARollbackOfAFullRefresh_DoesNotNameFilesWhoseRowsComeBack()
    {
        var project = Reading("a", Csv("in/*.csv", "id"));
        _bench.Write("in/1.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await _bench.BuildAsync(project, Anew)).ShouldSucceed();
        Remove("in/1.csv");

        var result = (await _bench.RollbackAsync(project, "previous")).ShouldBeBack();

        result.Diagnostics.ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task AnUnchangedDelivery_IsNotSaidToBeMoved()
    {
        var project = Reading("a", Csv("in/*/rates.csv", "id"));
        _bench.Write("in/1/rates.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("in/1/rates.csv");
        var second = _bench.Write("in/2/rates.csv", "id\n1\n");
        File.SetLastWriteTimeUtc(second, new DateTime(2026, 11, 19, 0, 0, 0, DateTimeKind.Utc));

        (await _bench.BuildAsync(project)).ShouldSucceed().Node("bronze").Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task AGoneFile_IsSaidToBeMoved_ToOnePlace_AndNotWhereTheModelHasAKey()
    {
        static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };
        var files = Csv("in/**/*.csv", "id");
        Support.ManifestBuilder Of(Func<ModelConfig, ModelConfig>? config) =>
            _bench
                .Project()
                .Source("a", files)
                .Model("bronze", "select id, _source_file from {a}", Materialization.Incremental, config)
                .Model("keyed", "select distinct id from {a}", Materialization.Incremental, Keyed);
        var first = _bench.Write("in/1.csv", "id\n1\n");
        var written = File.GetLastWriteTimeUtc(first);
        (await _bench.BuildAsync(Of(null))).ShouldSucceed();
        Remove("in/1.csv");
        foreach (var path in new[] { "in/a/1.csv", "in/b/1.csv" })
            File.SetLastWriteTimeUtc(_bench.Write(path, "id\n1\n"), written);

        var result = (await _bench.BuildAsync(Of(null))).ShouldSucceed();

        var said = result.Node("bronze").Diagnostics.Single();
        said.Code.ShouldBe("ST7092");
        said.Message.ShouldContain("'in/a/1.csv'");
        result.Node("keyed").Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task ARollback_DoesNotNameFilesThatLieElsewhereInTheZone()
    {
        var project = Reading("a", Csv("**/*.csv", "id"));
        _bench.Write("in/a.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        var second = _bench.Write("in/b.csv", "id\n2\n");
        _bench.Write("in/c.csv", "id\n1\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "archive"));
        File.Move(second, Path.Combine(_bench.Folder, "archive/b.csv"));
        // another file of the same content was taken in before
        Remove("in/c.csv");

        var result = (await _bench.RollbackAsync(project, "previous")).ShouldBeBack();

        result.Diagnostics.Single().Message.ShouldContain("landed file 'in/c.csv'");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2");
    }
}
