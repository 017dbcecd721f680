using System.Collections.Immutable;
using System.Text;
using Shouldly;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;
using Xunit;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Tests and rules read landed files as tables do, be it through ephemeral models.</summary>
public sealed class InPlaceTestsTests : IAsyncLifetime
{
    private static readonly FilesConfig Csv = new(
        "in/*.csv",
        FileFormat.Csv,
        HivePartitions: false,
        [
            new ColumnInfo("id", "integer", "", [], Volatile: false),
            new ColumnInfo("v", "decimal(10,2)", "", [], Volatile: false),
            new ColumnInfo("w", "varchar", "", [], Volatile: false),
        ]
    );

    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private void Write(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(_bench.Folder, "in", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "");
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
    }

    private static Dictionary<string, TestResult> TestsOf(RunResult result) =>
        result
            .Nodes.SelectMany(node => node.Tests)
            .ToDictionary(test => test.Test.TestName ?? test.Test.Name);

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task ARuleThatRefersToASource_FindsItsRows(Materialization materialized)
    {
        Write("a.csv", "id,v,w\n1,1,a#b\n3,x,\n4\n", Encoding.BigEndianUnicode);
        var project = _bench
            .Project()
            .Source(
                "events",
                Csv with
                {
                    Encoding = FileEncoding.Utf16,
                    Csv = new CsvDialect { Comment = '#' },
                }
            )
            .Model(
                "orders",
                "select 1 as id, 'a#b' as w union all select 2, 'a' union all select 3, 'c'",
                materialized
            )
            .Expect(
                "orders",
                "relationships",
                "id",
                new TestConfig { Severity = TestSeverity.Quarantine },
                ("to", null, "events"),
                ("field", "id", null)
            );

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.orders")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task ATestOfAnEphemeralModel_JudgesTheRowsThatATableTakes()
    {
        Write("a.csv", "id,v,w\n1,1,a\n2,2,b,c\n3,x,\n");
        Write("b.csv", "");
        Write("c.csv", "id,v,w\n4,4,ä\n", Encoding.Unicode);
        var project = _bench
            .Project()
            .Source("events", Csv)
            .Model("cleaned", "select id, v, w from {events}", Materialization.Ephemeral)
            .Model("taken", "select id, v, w from {events}")
            .Expect("cleaned", "not_null", "id")
            .Test("all", "select * from {cleaned}")
            .Test("taken_rows", "select * from {taken}");

        var tests = TestsOf(await _bench.BuildAsync(project));

        tests["not_null"].Status.ShouldBe(TestStatus.Pass);
        tests["taken_rows"].Failures.ShouldBe(2);
        tests["all"].Failures.ShouldBe(2);
    }

    [Fact]
    public async Task OnErrorFail_AValueThatDoesNotFit_IsAnErrorOfEachTest_WhateverItReads()
    {
        Write("a.csv", "id,v,w\n1,1,a\n1,x,b\n");
        var project = _bench
            .Project()
            .Source("events", Csv with { OnError = OnRowError.Fail })
            .Expect("events", "unique", "id");

        var test = TestsOf(await _bench.BuildAsync(project))["unique"];

        test.Status.ShouldBe(TestStatus.Error);
        Workbench
            .Text([.. test.Diagnostics])
            .ShouldContain("in/a.csv:3: column 'v': 'x' is not a valid decimal(10,2)");
    }

    [Theory]
    [InlineData(OnUnreadableFile.Quarantine)]
    [InlineData(OnUnreadableFile.Fail)]
    public async Task AFileThatCannotBeRead_IsAnErrorOfTests_WhereItIsOneOfTables(OnUnreadableFile policy)
    {
        Write("a.csv", "id,v,w\n1,1,a\n");
        Write("b.csv", "id,v,w\n2,2,ä\n", Encoding.Latin1);
        foreach (var onError in new[] { OnRowError.Fail, OnRowError.Quarantine })
        {
            Support.ManifestBuilder Project() =>
                _bench.Project().Source("events", Csv with { OnError = onError, OnUnreadable = policy });

            var taken = await _bench.BuildAsync(
                Project().Model("taken", "select id from {events}", Materialization.Table)
            );
            var tested = await _bench.BuildAsync(Project().Expect("events", "unique", "id"));

            var fails = policy == OnUnreadableFile.Fail;
            (taken.OutcomeOf("taken") == Outcome.Failed).ShouldBe(fails);
            TestsOf(tested)["unique"].Status.ShouldBe(fails ? TestStatus.Error : TestStatus.Pass);
        }
    }

    [Fact]
    public async Task AParquetFileThatCannotBeRead_IsLeftOutOfTests()
    {
        Write("bad.parquet", "no");
        await _bench.ExecuteAsync(
            $"copy (select 1 as id) to '{Path.Combine(_bench.Folder, "in", "good.parquet")}' (format parquet)"
        );
        var project = _bench
            .Project()
            .Source(
                "events",
                Csv with
                {
                    Path = "in/*.parquet",
                    Format = FileFormat.Parquet,
                    Columns = [Csv.Columns[0]],
                }
            )
            .Model("taken", "select id from {events}")
            .Expect("events", "not_null", "id")
            .Test("all", "select * from {events}");

        var result = await _bench.BuildAsync(project);

        var tests = TestsOf(result);
        tests["not_null"].Status.ShouldBe(TestStatus.Pass);
        tests["all"].Failures.ShouldBe(1);
        (await _bench.QueryAsync("select id from main.taken")).ShouldBe(["1"]);
    }
}
