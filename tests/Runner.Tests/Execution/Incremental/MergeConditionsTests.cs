using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>Merges by more than their key (<c>incremental_predicates</c>): which rows meet is found once, for the table and for whoever reads the changes.</summary>
public abstract class MergeConditionsTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                connection
            );
        await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task APredicate_OnAColumnThatTheMergeLeaves_MeetsTheSameRowsWhenItIsPublished(int retained)
    {
        var project = Project(c => By(c, "batch.flag = 1") with { MergeUpdateColumns = ["v"] });
        await BuildAsync(project, "(1, 'a', 0), (2, 'a', 1)", "id int, v text, flag int", retained);

        await BuildAsync(project, "(1, 'b', 1), (2, 'b', 1)", "id int, v text, flag int", retained);

        (await TableAsync()).ShouldBe(["1|b|0", "2|b|1"]);
        (await ChangesAsync()).ShouldBe(["1|b|0|update", "2|b|1|update"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task APredicate_OverBothSides_MeetsTheSameRowsWhenItIsPublished(int retained)
    {
        var project = Project(c => By(c, "target.day = batch.ref") with { MergeExcludeColumns = ["ref"] });
        const string shape = "id int, v text, day int, ref int";
        await BuildAsync(project, "(1, 'a', 1, 1)", shape, retained);
        await BuildAsync(project, "(1, 'b', 2, 1)", shape, retained);

        await BuildAsync(project, "(1, 'c', 2, 2)", shape, retained);

        (await TableAsync()).ShouldBe(["1|c|2|1"]);
    }

    [Fact]
    public async Task APredicate_OnAColumnThatOnlyTheBatchHas_IsNoErrorOfThePublish()
    {
        var project = Project(
            c => By(c, "batch.hint = 1") with { OnSchemaChange = OnSchemaChange.Ignore },
            "select id, v from {batch}",
            "select id, v, hint from {batch}"
        );
        await BuildAsync(project, "(1, 'a', 0), (2, 'a', 0)", "id int, v text, hint int");

        await BuildAsync(project, "(1, 'b', 1), (2, 'b', 0)", "id int, v text, hint int");

        (await TableAsync()).ShouldBe(["1|b", "2|a", "2|b"]);
        (await ChangesAsync()).ShouldBe(["1|b|update", "2|b|insert"]);
    }

    [Fact]
    public async Task APredicate_OnAColumnThatOnlyTheTableHas_IsNoErrorOfThePublish()
    {
        var project = Project(c =>
            By(c, "old > 0") with
            {
                OnSchemaChange = OnSchemaChange.AppendNewColumns,
            }
        );
        await BuildAsync(project, "(1, 'a', 1), (2, 'a', 0)", "id int, v text, old int");

        await BuildAsync(project, "(1, 'b'), (2, 'b')", "id int, v text");

        (await TableAsync()).ShouldBe(["1|b|1", "2|a|0", "2|b|null"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task APredicate_ThatIsNoLongerTrueWhenItIsPublished_DoublesNoRow(int retained)
    {
        // the update of Postgres matches rows as it publishes them
        if (connection == "pg")
            return;
        var project = Project(c => By(c, "exists (select 1 from raw.switch)"));
        await _bench.ExecuteAsync("create schema raw", connection);
        await _bench.ExecuteAsync("create table raw.switch as select 1 as is_on", connection);
        await BuildAsync(project, "(1, 'a'), (2, 'a')", "id int, v text", retained);
        await LoadAsync("(1, 'b'), (3, 'b')", "id int, v text");

        await WriteBeforePublishAsync(project, "delete from raw.switch", retained);

        (await TableAsync()).ShouldBe(["1|b", "2|a", "3|b"]);
        (await ChangesAsync()).ShouldBe(["1|b|update", "3|b|insert"]);
    }

    [Fact]
    public async Task AnUpdate_AfterWhichThePredicateDoesNotHold_DoublesNoRow()
    {
        var project = Project(c => By(c, "target.v = 'open'"));
        await BuildAsync(project, "(1, 'open'), (2, 'closed')", "id int, v text");

        await BuildAsync(project, "(1, 'closed'), (2, 'new')", "id int, v text");

        (await TableAsync()).ShouldBe(["1|closed", "2|closed", "2|new"]);
        (await ChangesAsync()).ShouldBe(["1|closed|update", "2|new|insert"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task TableAndChanges_AreWhatAPlainComputationGives(int seed)
    {
        var random = new Random(seed);
        (string Sql, Func<Row, Row, bool> Holds)[] predicates =
        [
            ("batch.flag = 1", (_, b) => b.Flag == 1),
            ("target.flag = 1", (t, _) => t.Flag == 1),
            ("target.day = batch.flag", (t, b) => t.Day == b.Flag),
            ("target.day < batch.day or target.flag = 2", (t, b) => t.Day < b.Day || t.Flag == 2),
        ];
        var (sql, holds) = predicates[(seed - 1) % predicates.Length];
        string[] updated = [.. new[] { "v", "flag", "day" }.Where(_ => random.Next(2) == 0)];
        if (updated.Length == 0)
            updated = ["v"];
        var project = Project(c => By(c, sql) with { MergeUpdateColumns = [.. updated] });
        List<Row> table = [];
        for (var batch = 0; batch < 5; batch++)
        {
            Row[] rows =
            [
                .. Enumerable
                    .Range(0, 8)
                    .Where(_ => batch == 0 || random.Next(2) == 0)
                    .Select(id => new Row(
                        id == 7 ? null : id,
                        random.Next(3),
                        random.Next(3),
                        random.Next(3)
                    )),
            ];
            await BuildAsync(
                project,
                string.Join(", ", rows.Select(row => row.Sql)),
                "id int, v int, flag int, day int",
                seed % 2
            );

            List<string> changes = [];
            List<Row> after = [.. table];
            foreach (var row in rows)
            {
                var met = table.Where(there => there.Id == row.Id && holds(there, row)).ToList();
                if (met.Count == 0)
                {
                    after.Add(row);
                    changes.Add($"{row}|insert");
                }
                foreach (var there in met)
                {
                    var now = there with
                    {
                        V = updated.Contains("v") ? row.V : there.V,
                        Flag = updated.Contains("flag") ? row.Flag : there.Flag,
                        Day = updated.Contains("day") ? row.Day : there.Day,
                    };
                    if (now == there)
                        continue;
                    after.Remove(there);
                    after.Add(now);
                    changes.Add($"{now}|update");
                }
            }
            table = after;
            Sorted(await TableAsync())
                .ShouldBe(Sorted(table.Select(row => row.ToString())), $"batch {batch}");
            if (batch > 0 && changes.Count > 0)
                Sorted(await ChangesAsync()).ShouldBe(Sorted(changes), $"batch {batch}");
        }
    }

    private sealed record Row(int? Id, int V, int Flag, int Day)
    {
        public string Sql => $"({ToString().Replace('|', ',')})";

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(Id is { } id ? id.ToString(CultureInfo.InvariantCulture) : "null")}|{V}|{Flag}|{Day}"
            );
    }

    private static string[] Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static ModelConfig By(ModelConfig config, string predicate) =>
        config with
        {
            UniqueKey = ["id"],
            IncrementalPredicates = [predicate],
        };

    /// <summary>A merge, and the changes of its last batch beside those of all others.</summary>
    private ManifestBuilder Project(
        Func<ModelConfig, ModelConfig> config,
        string sql = "select * from {batch}",
        string? incremental = null
    ) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model("m", sql, Materialization.Incremental, config, connection, incremental)
            .Model(
                "log",
                "select *, _change as chg, _change_batch as b from {changes m}",
                Materialization.Incremental,
                c => c with { OnSchemaChange = OnSchemaChange.AppendNewColumns },
                connection
            );

    private async Task BuildAsync(ManifestBuilder project, string values, string shape, int retained = 7)
    {
        await LoadAsync(values, shape);
        (await _bench.BuildAsync(project, request => Retaining(request, retained))).ShouldSucceed();
    }

    private static RunRequest Retaining(RunRequest request, int retained) =>
        request with
        {
            Manifest = request.Manifest with { Retention = new RetentionConfig(retained, 7) },
        };

    private async Task WriteBeforePublishAsync(ManifestBuilder project, string others, int retained)
    {
        var pause = Path.Combine(_bench.Folder, "pause");
        var build = Task.Run(() =>
            _bench.BuildAsync(
                project,
                request =>
                    Retaining(request, retained) with
                    {
                        Failpoints = Failpoints.Parse($"audit.after:pause={pause}"),
                    }
            )
        );
        while (!File.Exists(pause) && !build.IsCompleted)
            await Task.Delay(10);
        await _bench.ExecuteAsync(others, connection);
        File.Delete(pause);
        (await build).ShouldSucceed();
    }

    private async Task LoadAsync(string values, string shape)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync($"create table raw.batch ({shape})", connection);
        if (values.Length > 0)
            await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }

    private Task<string[]> TableAsync() =>
        _bench.QueryAsync("select * from main.m order by 1, 2", connection);

    private async Task<string[]> ChangesAsync()
    {
        var rows = await _bench.QueryAsync(
            "select * from main.log where b = (select max(b) from main.log) order by 1, 2",
            connection
        );
        // behind _change stand its batch, and both once more
        return [.. rows.Select(row => string.Join('|', row.Split('|')[..^3]))];
    }
}

public sealed class DuckDbMergeConditionsTests() : MergeConditionsTests("duck", null);
