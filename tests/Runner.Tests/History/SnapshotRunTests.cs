using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.History;

/// <summary>Histories of relations that others change, on one engine.</summary>
public abstract class SnapshotRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                "pg"
            );
        await _bench.DisposeAsync();
    }

    private Support.ManifestBuilder Project(
        SnapshotConfig snapshot,
        string sql = "select * from {people}",
        Func<ModelConfig, ModelConfig>? more = null
    ) =>
        _bench
            .Project()
            .Source("people", connection: connection)
            .Model(
                "history",
                sql,
                Materialization.Snapshot,
                c =>
                {
                    c = c with { UniqueKey = ["id"], Snapshot = snapshot };
                    return more?.Invoke(c) ?? c;
                },
                connection
            );

    private static string TypeOf(string literal) => literal.StartsWith('\'') ? "text" : "bigint";

    private async Task LoadAsync(params string[] rows)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.people", connection);
        await _bench.ExecuteAsync(
            "create table raw.people (id int, city text, changed timestamp)",
            connection
        );
        if (rows.Length > 0)
            await _bench.ExecuteAsync(
                $"insert into raw.people values {string.Join(", ", rows.Select(r => $"({r})"))}",
                connection
            );
    }

    private async Task<RowCounts> TakeAsync(Support.ManifestBuilder project) =>
        (await _bench.RunAsync(project, RunCommand.Snapshot)).ShouldSucceed().Node("history").Rows!;

    /// <summary>Keys, cities and the days of the month between which they were so.</summary>
    private async Task<string[]> RowsAsync(string more = "") =>
        [
            .. (
                await _bench.QueryAsync(
                    $"select id, city, cast(extract(day from valid_from) as int), cast(extract(day from valid_to) as int), is_current{more} from main.history",
                    connection
                )
            ).Order(StringComparer.Ordinal),
        ];

    [Fact]
    public async Task ANumericKeyOfAnotherScale_BesideANull_IsTheSameKey()
    {
        var project = Project(
            new SnapshotConfig { Strategy = SnapshotStrategy.Check, HardDeletes = HardDeletes.NewRecord },
            more: c => c with { UniqueKey = ["id", "city"] }
        );
        await LoadAsync();
        await _bench.ExecuteAsync("alter table raw.people alter column id type numeric", connection);
        await _bench.ExecuteAsync(
            "insert into raw.people values (1.0, 'Rome', null), (2.0, null, null)",
            connection
        );
        await TakeAsync(project);
        await _bench.ExecuteAsync("update raw.people set id = 1.00 where city = 'Rome'", connection);

        var again = await TakeAsync(project);

        (again.Inserted, again.Updated).ShouldBe((0, 0));
    }

    [Fact]
    public async Task AnotherKey_OfWhichSeveralVersionsAreCurrent_IsRefused()
    {
        var byChanged = new SnapshotConfig { Strategy = SnapshotStrategy.Timestamp, UpdatedAt = "changed" };
        var fine = Project(byChanged, more: c => c with { UniqueKey = ["id", "city"] });
        await LoadAsync("1, 'Rome', '2026-01-01'", "2, 'Oslo', '2026-01-01'");
        await TakeAsync(fine);
        await LoadAsync("1, 'Rome', '2026-01-05'");
        await TakeAsync(fine);
        // versions that have ended are of the key of their time
        await TakeAsync(Project(byChanged));
        await LoadAsync("1, 'Bergen', '2026-01-06'");
        await TakeAsync(fine);
        var before = await RowsAsync();
        await LoadAsync("1, 'Kyiv', '2026-01-07'");

        var coarse = await _bench.RunAsync(Project(byChanged), RunCommand.Snapshot);

        var error = coarse.Node("history").Diagnostics.Single();
        error.Code.ShouldBe("ST7029");
        error.Details[0].ShouldBe("id = 1 (2 rows)");
        (await RowsAsync()).ShouldBe(before);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    /// <summary>What ST6031 says to do instead of a quarantine of the snapshot itself.</summary>
    [Fact]
    public async Task Snapshot_BehindAModelWithAQuarantine_KeepsTheLastRightRow_AndTakesTheCorrectedOne()
    {
        var project = _bench
            .Project()
            .Source("people", connection: connection)
            .Model(
                "checked",
                "select * from {people}",
                Materialization.Incremental,
                c => c with { UniqueKey = ["id"] },
                connection
            )
            .Model(
                "history",
                "select * from {checked}",
                Materialization.Snapshot,
                c =>
                    c with
                    {
                        UniqueKey = ["id"],
                        Snapshot = new SnapshotConfig
                        {
                            Strategy = SnapshotStrategy.Timestamp,
                            UpdatedAt = "changed",
                            HardDeletes = HardDeletes.Invalidate,
                        },
                    },
                connection
            )
            .Expect("checked", "not_null", "city", new TestConfig { Severity = TestSeverity.Quarantine });
        await LoadAsync("1, 'Rome', '2026-01-01'", "2, null, '2026-01-02'");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("1, null, '2026-01-03'");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await RowsAsync()).ShouldBe(["1|Rome|1|null|True"]);

        await _bench.ExecuteAsync("update main.checked__quarantine set city = 'Oslo'", connection);
        (
            await _bench.BuildAsync(
                project,
                request =>
                    request with
                    {
                        Selected = ["model.shop.checked"],
                        Replay = new ReplayRequest("model.shop.checked"),
                    }
            )
        ).ShouldSucceed();
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await RowsAsync()).ShouldBe(["1|Oslo|3|null|True", "1|Rome|1|3|False", "2|Oslo|2|null|True"]);
    }

    [Fact]
    public async Task Snapshot_ByTimestamp_WritesOnlyWhatIsLater()
    {
        var project = Project(
            new SnapshotConfig { Strategy = SnapshotStrategy.Timestamp, UpdatedAt = "changed" }
        );
        await LoadAsync(
            "1, 'Rome', '2026-01-01'",
            "2, 'Oslo', '2026-01-01'",
            "null, 'Nowhere', '2026-01-01'"
        );
        (await TakeAsync(project)).Out.ShouldBe(3);

        // the same again, one that is later, one whose time did not move, a new one
        await LoadAsync(
            "1, 'Paris', '2026-01-05'",
            "2, 'Bergen', '2026-01-01'",
            "3, 'Kyiv', '2026-01-03'",
            "null, 'Anywhere', '2026-01-04'"
        );
        var second = await TakeAsync(project);
        (second.Inserted, second.Updated, second.Deleted).ShouldBe((3, 2, 0));
        string[] expected =
        [
            "1|Paris|5|null|True",
            "1|Rome|1|5|False",
            "2|Oslo|1|null|True",
            "3|Kyiv|3|null|True",
            "null|Anywhere|4|null|True",
            "null|Nowhere|1|4|False",
        ];
        (await RowsAsync()).ShouldBe(expected);
        (await _bench.QueryAsync("select count(distinct scd_id) from main.history", connection)).ShouldBe([
            "6",
        ]);

        var third = await TakeAsync(project);
        (third.Inserted, third.Updated, third.Deleted).ShouldBe((0, 0, 0));
        // a history cannot be had again: a full refresh does not touch it
        await _bench.RunAsync(project, RunCommand.Snapshot, r => r with { FullRefresh = true });
        (await RowsAsync()).ShouldBe(expected);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Snapshot_ByCheck_ComparesNullsAndSomeColumns()
    {
        var project = Project(
            new SnapshotConfig { Strategy = SnapshotStrategy.Check, CheckColumns = ["city"] },
            more: c => c with { History = new HistoryColumns { ScdId = "version" } }
        );
        await LoadAsync("1, null, '2026-01-01'", "2, 'Oslo', '2026-01-01'");
        await TakeAsync(project);
        await LoadAsync("1, null, '2026-01-02'", "2, null, '2026-01-02'");
        var second = await TakeAsync(project);
        (second.Inserted, second.Updated).ShouldBe((1, 1));
        (
            await _bench.QueryAsync(
                "select count(*) from main.history where is_current and valid_to is null",
                connection
            )
        ).ShouldBe(["2"]);
        (
            await _bench.QueryAsync("select count(*) from main.history where version is null", connection)
        ).ShouldBe(["0"]);
        (
            await _bench.QueryAsync(
                "select count(*) from main.history a join main.history b on a.id = b.id and a.valid_to = b.valid_from",
                connection
            )
        ).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData(HardDeletes.Ignore, 3, 3)]
    [InlineData(HardDeletes.Invalidate, 3, 2)]
    [InlineData(HardDeletes.NewRecord, 4, 3)]
    public async Task Snapshot_KeyIsGone_IsKeptEndedOrMarked(HardDeletes mode, int versions, int current)
    {
        var project = Project(
            new SnapshotConfig
            {
                Strategy = SnapshotStrategy.Check,
                HardDeletes = mode,
                ValidToCurrent = "timestamp '9999-12-31 00:00:00'",
            }
        );
        await LoadAsync("1, 'Rome', null", "2, 'Oslo', null", "3, 'Kyiv', null");
        await TakeAsync(project);
        await LoadAsync("1, 'Rome', null", "2, 'Oslo', null");
        await TakeAsync(project);
        await TakeAsync(project);
        (await Count("true")).ShouldBe(versions);
        (await Count("is_current")).ShouldBe(current);
        (await Count("extract(year from valid_to) = 9999")).ShouldBe(current);

        await LoadAsync("1, 'Rome', null", "2, 'Oslo', null", "3, 'Kyiv', null");
        await TakeAsync(project);
        (await Count("is_current")).ShouldBe(3);
        (await Count("id = 3")).ShouldBe(
            mode switch
            {
                HardDeletes.Ignore => 1,
                HardDeletes.Invalidate => 2,
                _ => 3,
            }
        );
        (await Count("valid_to < valid_from")).ShouldBe(0);

        async Task<int> Count(string where) =>
            int.Parse(
                (await _bench.QueryAsync($"select count(*) from main.history where {where}", connection))[0],
                System.Globalization.CultureInfo.InvariantCulture
            );
    }

    [Fact]
    public async Task Snapshot_ColumnsComeAndGo_NothingIsLost()
    {
        var snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Check };
        await LoadAsync("1, 'Rome', '2026-01-01'", "2, 'Oslo', '2026-01-01'");
        await TakeAsync(Project(snapshot));
        var second = await TakeAsync(
            Project(snapshot, "select id, changed, case when id = 1 then 'x' end as extra from {people}")
        );
        (second.Inserted, second.Updated).ShouldBe((1, 1));
        (
            await _bench.QueryAsync(
                "select id, city, extra, is_current from main.history order by id, is_current",
                connection
            )
        ).ShouldBe(["1|Rome|null|False", "1|null|x|True", "2|Oslo|null|True"]);
    }

    [Theory]
    [InlineData("'007'", "7", "7")]
    [InlineData("'a'", "5", "5")]
    [InlineData("'7'", "7", null)]
    [InlineData("7", "'7'", null)]
    public async Task Snapshot_ByCheck_TypeOfAColumnChanges_ComparesWhatTheHistoryWouldKeep(
        string before,
        string after,
        string? changed
    )
    {
        var snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Check };
        await LoadAsync("1, 'Rome', null");
        await TakeAsync(
            Project(snapshot, $"select id, cast({before} as {TypeOf(before)}) as code from {{people}}")
        );

        var second = Project(
            snapshot,
            $"select id, cast({after} as {TypeOf(after)}) as code from {{people}}"
        );
        await TakeAsync(second);

        var kept = before.Trim('\'');
        (
            await _bench.QueryAsync(
                "select code, is_current from main.history order by is_current",
                connection
            )
        ).ShouldBe(changed is null ? [$"{kept}|True"] : [$"{kept}|False", $"{changed}|True"]);
        var again = await TakeAsync(second);
        (again.Inserted, again.Updated).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Snapshot_KeysThatBecomeOneInTheHistory_AreRefused()
    {
        var snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Check };
        await LoadAsync("1, 'Rome', null");
        static string From(string rows) =>
            $"select * from ({rows}) as t where exists (select 1 from {{people}})";
        await TakeAsync(Project(snapshot, From("select 1 as id, 'a' as city union all select 2, 'b'")));
        var met = Project(
            snapshot,
            From("select '01' as id, 'p' as city union all select '1', 'q' union all select '2', 'b'")
        );

        var result = await _bench.RunAsync(met, RunCommand.Snapshot);

        Workbench.Text(result).ShouldContain("ST7023");
        Workbench.Text(result).ShouldContain("01 and 1");
        (await _bench.QueryAsync("select id, city from main.history order by 1", connection)).ShouldBe([
            "1|a",
            "2|b",
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Snapshot_TypeOfTheKeyChanges_KeysAreThoseThatTheHistoryWouldKeep(bool hasNull)
    {
        var snapshot = new SnapshotConfig
        {
            Strategy = SnapshotStrategy.Check,
            HardDeletes = HardDeletes.Invalidate,
        };
        await LoadAsync("1, 'Rome', null");
        var more = hasNull ? " union all select null, 'z'" : "";
        // a relation of others is read, so that nothing is taken to be fresh
        static string From(string rows) =>
            $"select * from ({rows}) as t where exists (select 1 from {{people}})";
        ModelConfig Code(ModelConfig c) => c with { UniqueKey = ["code"] };
        await TakeAsync(
            Project(
                snapshot,
                From(
                    $"select cast('007' as text) as code, 'x' as city union all select '08', 'y' union all select '9', 'y'{more}"
                ),
                Code
            )
        );

        var second = Project(
            snapshot,
            From(
                $"select cast(7 as bigint) as code, 'x' as city union all select 8, 'y' union all select 9, 'y'{more}"
            ),
            Code
        );
        await TakeAsync(second);

        string[] expected = ["007|x|False", "08|y|False", "7|x|True", "8|y|True", "9|y|True"];
        (await _bench.QueryAsync("select code, city, is_current from main.history", connection))
            .Order(StringComparer.Ordinal)
            .ShouldBe(hasNull ? [.. expected, "null|z|True"] : expected);
        var again = await TakeAsync(second);
        (again.Inserted, again.Updated, again.Deleted).ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData(HardDeletes.Invalidate)]
    [InlineData(HardDeletes.NewRecord)]
    public async Task Snapshot_ByTimestamp_KeyWasGone_LaterChangesAreRecorded(HardDeletes mode)
    {
        // the run that sees the delete runs long after all of these
        var project = Project(
            new SnapshotConfig
            {
                Strategy = SnapshotStrategy.Timestamp,
                UpdatedAt = "changed",
                HardDeletes = mode,
            }
        );
        await LoadAsync("1, 'a', '2020-01-01'");
        await TakeAsync(project);
        await LoadAsync();
        await TakeAsync(project);
        await LoadAsync("1, 'b', '2020-01-02'");
        await TakeAsync(project);
        await LoadAsync("1, 'c', '2020-01-03'");
        await TakeAsync(project);

        (await CurrentAsync()).ShouldBe(["c|3"]);
        (
            await _bench.QueryAsync(
                "select count(*) from main.history where valid_to < valid_from",
                connection
            )
        ).ShouldBe(["0"]);

        // the same again, and an older one, are no change
        (await TakeAsync(project)).Inserted.ShouldBe(0);
        await LoadAsync("1, 'b', '2020-01-02'");
        (await TakeAsync(project)).Inserted.ShouldBe(0);
        (await CurrentAsync()).ShouldBe(["c|3"]);

        async Task<string[]> CurrentAsync() =>
            [
                .. await _bench.QueryAsync(
                    "select city, cast(extract(day from changed) as int) from main.history where is_current",
                    connection
                ),
            ];
    }

    [Fact]
    public async Task Snapshot_ByTimestamp_OfAColumnThatTheHistoryHasOnlyNow_ComparesWithTheBeginning()
    {
        var snapshot = new SnapshotConfig { Strategy = SnapshotStrategy.Timestamp, UpdatedAt = "changed" };
        await LoadAsync("1, 'a', '2020-01-01'", "2, 'a', '2020-01-03'");
        await TakeAsync(Project(snapshot));
        await LoadAsync("1, 'b', '2020-01-02'", "2, 'b', '2020-01-02'");
        var renamed = Project(
            snapshot with
            {
                UpdatedAt = "modified",
            },
            "select id, city, changed as modified from {people}"
        );

        await TakeAsync(renamed);

        string[] expected = ["1|a|1|2|False", "1|b|2|null|True", "2|a|3|null|True"];
        (await RowsAsync()).ShouldBe(expected);
        // by then the column is there, and null in the version that is older than it
        (await TakeAsync(renamed)).Inserted.ShouldBe(0);
        (await RowsAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Snapshot_InputIsUnfit_IsRefused()
    {
        var byTime = new SnapshotConfig { Strategy = SnapshotStrategy.Timestamp, UpdatedAt = "changed" };
        await LoadAsync("1, 'Rome', null");
        Text(await _bench.BuildAsync(Project(byTime))).ShouldContain("ST7058");
        await LoadAsync("1, 'Rome', '2026-01-01'", "1, 'Oslo', '2026-01-01'");
        Text(await _bench.BuildAsync(Project(byTime))).ShouldContain("ST7007");
        await LoadAsync("1, 'Rome', '2026-01-01'");
        Text(await _bench.BuildAsync(Project(byTime, "select *, 1 as valid_to from {people}")))
            .ShouldContain("ST7056");
        var number = byTime with { UpdatedAt = "n", HardDeletes = HardDeletes.Invalidate };
        Text(await _bench.BuildAsync(Project(number, "select *, 1 as n from {people}")))
            .ShouldContain("ST7057");
        await _bench.ExecuteAsync("create schema if not exists main", connection);
        await _bench.ExecuteAsync("create table main.history (id int)", connection);
        Text(await _bench.BuildAsync(Project(byTime))).ShouldContain("ST7054");

        static string Text(RunResult result)
        {
            result.OutcomeOf("history").ShouldBe(Outcome.Failed);
            return Workbench.Text(result);
        }
    }
}
