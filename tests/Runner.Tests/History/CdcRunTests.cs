using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.History;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;
using Outcome = Strata.Runner.Results.Outcome;

namespace Strata.Runner.Tests.History;

/// <summary>Models that follow change events, on one engine.</summary>
public abstract class CdcRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed, _strata_cdc cascade",
                "pg"
            );
        await _bench.DisposeAsync();
    }

    private static ModelConfig Keyed(ModelConfig config, CdcConfig cdc) =>
        config with
        {
            UniqueKey = ["k"],
            Cdc = cdc with { SequenceBy = ["seq"], ApplyAsDeletes = "op = 'd'", ExceptColumns = ["op"] },
        };

    private Support.ManifestBuilder Project(CdcConfig cdc, Func<ModelConfig, ModelConfig>? more = null) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "state",
                "select * from {batch}",
                Materialization.Cdc,
                c => more?.Invoke(Keyed(c, cdc)) ?? Keyed(c, cdc),
                connection
            );

    /// <summary>Replaces what the model reads.</summary>
    private async Task LoadAsync(params string[] events)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync(
            "create table raw.batch (k int, seq bigint, op text, a text, b text)",
            connection
        );
        if (events.Length > 0)
            await _bench.ExecuteAsync(
                $"insert into raw.batch values {string.Join(", ", events.Select(e => $"({e})"))}",
                connection
            );
    }

    private async Task<NodeResult> ApplyAsync(Support.ManifestBuilder project, params string[] events)
    {
        await LoadAsync(events);
        return (await _bench.BuildAsync(project)).ShouldSucceed().Node("state");
    }

    private async Task<string[]> RowsAsync(string model = "state") =>
        [
            .. (await _bench.QueryAsync($"select * from main.{model}", connection)).Order(
                StringComparer.Ordinal
            ),
        ];

    [Fact]
    public async Task Build_LateEvents_DoNotUndoLaterOnes()
    {
        var project = Project(new CdcConfig());
        await ApplyAsync(project, "1, 5, 'u', 'five', null", "2, 1, 'c', 'one', 'x'");
        (await RowsAsync()).ShouldBe(["1|5|five|null", "2|1|one|x"]);

        var second = await ApplyAsync(
            project,
            "1, 3, 'u', 'three', 'y'",
            "2, 4, 'd', null, null",
            "3, 1, 'c', 'new', ''"
        );
        (await RowsAsync()).ShouldBe(["1|5|five|null", "3|1|new|"]);
        second.Rows!.Inserted.ShouldBe(1);
        second.Rows.Deleted.ShouldBe(1);
        second.Rows.Updated.ShouldBe(0);
        Events(second).ShouldBe((3, 2, 0, 1, 0));

        // older than the delete, then younger than it
        Events(await ApplyAsync(project, "2, 3, 'u', 'late', null")).ShouldBe((1, 0, 0, 1, 0));
        (await RowsAsync()).ShouldBe(["1|5|five|null", "3|1|new|"]);
        await ApplyAsync(project, "2, 5, 'c', 'again', null");
        (await RowsAsync()).ShouldBe(["1|5|five|null", "2|5|again|null", "3|1|new|"]);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_DuplicateEvents_ChangeNothing()
    {
        var project = Project(new CdcConfig());
        var first = await ApplyAsync(
            project,
            "1, 5, 'u', 'five', null",
            "1, 5, 'u', 'five', null",
            "null, 1, 'c', 'no key', null"
        );
        Events(first).ShouldBe((3, 2, null, 1, 0));
        var again = await ApplyAsync(project, "1, 5, 'u', 'five', null", "null, 1, 'c', 'no key', null");
        again.Rows!.Inserted.ShouldBe(0);
        again.Rows.Updated.ShouldBe(0);
        Events(again).ShouldBe((2, 0, 0, 2, 0));
        again.Diagnostics.ShouldBeEmpty();
        (await RowsAsync()).ShouldBe(["1|5|five|null", "null|1|no key|null"]);
        await ApplyAsync(project, "null, 2, 'u', 'still none', null");
        (await RowsAsync()).ShouldBe(["1|5|five|null", "null|2|still none|null"]);
        await ApplyAsync(project, "null, 3, 'd', null, null");
        (await RowsAsync()).ShouldBe(["1|5|five|null"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Build_EventsAgainInAnotherOrderOfColumns_ChangeNothing(int type)
    {
        var project = Project(new CdcConfig { ScdType = type });
        await ApplyAsync(project, "1, 5, 'u', 'p', 'q'", "1, 5, 'u', 'q', 'p'", "2, 1, 'c', 'one', null");
        var rows = await RowsAsync();
        await _bench.ExecuteAsync(
            "create table raw.turned as select b, op, a, k, seq from raw.batch",
            connection
        );
        await _bench.ExecuteAsync("drop table raw.batch", connection);
        await _bench.ExecuteAsync("alter table raw.turned rename to batch", connection);

        var again = (await _bench.BuildAsync(project)).ShouldSucceed().Node("state");
        (await RowsAsync()).ShouldBe(rows);
        Events(again).ShouldBe((3, 0, again.Rows!.WithoutEffect, 3, 0));
        // a state that keeps the last event alone does not know the other one of its sequence
        if (type == 2)
            again.Diagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Build_DeletesOfAbsentKeys_AreCountedAsWithoutEffect(bool ignoreNulls)
    {
        var project = Project(new CdcConfig { IgnoreNullUpdates = ignoreNulls });
        await ApplyAsync(project, "1, 1, 'c', 'one', null", "2, 1, 'c', 'two', null");
        var second = await ApplyAsync(
            project,
            "1, 2, 'd', null, null",
            "3, 2, 'd', null, null",
            "2, 2, 'u', 'newer', null"
        );
        Events(second).ShouldBe((3, 2, 1, 0, 0));
        second.Rows!.Deleted.ShouldBe(1);
        second.Rows.Updated.ShouldBe(1);
        // known by now
        Events(await ApplyAsync(project, "3, 2, 'd', null, null")).ShouldBe((1, 0, 0, 1, 0));
        // a delete of what was deleted before
        Events(await ApplyAsync(project, "3, 3, 'd', null, null")).ShouldBe((1, 0, 1, 0, 0));
    }

    [Fact]
    public async Task Build_IgnoreNullUpdates_KeepsValuesSinceTheLastDelete()
    {
        var project = Project(new CdcConfig { IgnoreNullUpdates = true });
        await ApplyAsync(project, "1, 1, 'c', 'a1', 'b1'", "1, 4, 'u', null, 'b4'");
        (await RowsAsync()).ShouldBe(["1|4|a1|b4"]);
        await ApplyAsync(project, "1, 3, 'u', 'a3', 'b3'");
        (await RowsAsync()).ShouldBe(["1|4|a3|b4"]);
        // a delete that arrives late takes away what was before it
        await ApplyAsync(project, "1, 3, 'd', null, null", "1, 2, 'u', 'a2', null");
        (await RowsAsync()).ShouldBe(["1|4|null|b4"]);
    }

    [Fact]
    public async Task Build_History_InsertsLateVersionsInTheirPlace()
    {
        var project = Project(new CdcConfig { ScdType = 2, ExceptColumns = ["op"] });
        await ApplyAsync(project, "1, 10, 'c', 'a', null", "1, 30, 'u', 'c', null", "1, 40, 'd', null, null");
        (await RowsAsync()).ShouldBe(["1|10|a|null|10|30|False", "1|30|c|null|30|40|False"]);

        var second = await ApplyAsync(project, "1, 20, 'u', 'b', null", "1, 50, 'c', 'e', null");
        (await RowsAsync()).ShouldBe([
            "1|10|a|null|10|20|False",
            "1|20|b|null|20|30|False",
            "1|30|c|null|30|40|False",
            "1|50|e|null|50|null|True",
        ]);
        second.Rows!.Inserted.ShouldBe(2);
        second.Rows.Updated.ShouldBe(1);

        // what changes nothing begins no version; a late delete ends one in the middle
        await ApplyAsync(project, "1, 35, 'u', 'c', null", "1, 25, 'd', null, null");
        (await RowsAsync()).ShouldBe([
            "1|10|a|null|10|20|False",
            "1|20|b|null|20|25|False",
            "1|35|c|null|30|40|False",
            "1|50|e|null|50|null|True",
        ]);
    }

    [Fact]
    public async Task Build_HistoryOfSomeColumns_UpdatesOthersInPlace()
    {
        var project = Project(new CdcConfig { ScdType = 2, TrackHistoryColumns = ["a"] });
        await ApplyAsync(project, "1, 1, 'c', 'a', 'x'", "1, 2, 'u', 'a', 'y'");
        (await RowsAsync()).ShouldBe(["1|2|a|y|1|null|True"]);
        await ApplyAsync(project, "1, 3, 'u', 'b', 'z'");
        (await RowsAsync()).ShouldBe(["1|2|a|y|1|3|False", "1|3|b|z|3|null|True"]);
    }

    [Fact]
    public async Task Build_SameSequenceOtherContent_IsSettledAndSaid()
    {
        var project = Project(new CdcConfig());
        var first = await ApplyAsync(project, "1, 1, 'c', 'p', null", "1, 1, 'c', 'q', null");
        first.Diagnostics.ShouldContain(d => d.Code == "ST7051");
        var rows = await RowsAsync();
        await _bench.BuildAsync(project, request => request with { FullRefresh = true });
        (await RowsAsync()).ShouldBe(rows);
        // a delete comes behind other events of its instant
        await ApplyAsync(project, "1, 1, 'd', null, null");
        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_EventsWithoutSequence_AreRefused()
    {
        await LoadAsync("1, null, 'c', 'a', null");
        var result = await _bench.BuildAsync(Project(new CdcConfig()));
        result.OutcomeOf("state").ShouldBe(Outcome.Failed);
        Workbench.Text(result).ShouldContain("1 event of 'state' has no 'seq'");
    }

    [Fact]
    public async Task Build_OlderThanAForgottenDelete_IsDroppedAndCounted()
    {
        var project = Project(new CdcConfig { TombstoneRetention = TimeSpan.FromHours(1) });
        await ApplyAsync(project, "1, 10, 'd', null, null", "2, 5, 'c', 'two', null");
        await LoadAsync("3, 11, 'c', 'three', null");
        (
            await _bench.BuildAsync(project, r => r with { StartedAt = r.StartedAt.AddHours(2) })
        ).ShouldSucceed();
        // the delete of 1 is forgotten; 2 is known, so its events still find their place
        await LoadAsync("1, 9, 'u', 'late', null", "2, 6, 'u', 'newer', null", "4, 12, 'c', 'four', null");
        var late = await _bench.BuildAsync(project, r => r with { StartedAt = r.StartedAt.AddHours(2) });
        Events(late.ShouldSucceed().Node("state")).ShouldBe((3, 2, 0, 0, 1));
        late.Node("state")
            .Diagnostics.ShouldContain(d =>
                d.Code == "ST7052" && d.Message.StartsWith("1 event of 'state' came too late")
            );
        (await RowsAsync()).ShouldBe(["2|6|newer|null", "3|11|three|null", "4|12|four|null"]);
    }

    [Fact]
    public async Task Build_OlderThanAForgottenDelete_IsDroppedAlsoOnceDeletesAreRememberedForEver()
    {
        var project = Project(new CdcConfig { TombstoneRetention = TimeSpan.FromHours(1) });
        await ApplyAsync(project, "1, 10, 'd', null, null", "2, 5, 'c', 'two', null");
        await LoadAsync("3, 11, 'c', 'three', null");
        (
            await _bench.BuildAsync(project, r => r with { StartedAt = r.StartedAt.AddHours(2) })
        ).ShouldSucceed();

        await LoadAsync("1, 9, 'u', 'late', null", "4, 12, 'c', 'four', null");
        var late = (await _bench.BuildAsync(Project(new CdcConfig()))).ShouldSucceed();

        late.Node("state").Diagnostics.ShouldContain(d => d.Code == "ST7052");
        (await RowsAsync()).ShouldBe(["2|5|two|null", "3|11|three|null", "4|12|four|null"]);
    }

    [Fact]
    public async Task Build_OlderThanAForgottenDeleteByANull_IsDropped()
    {
        var project = Project(
            new CdcConfig { TombstoneRetention = TimeSpan.FromHours(1) },
            c => c with { Cdc = c.Cdc with { SequenceBy = ["seq", "a"] } }
        );
        await ApplyAsync(project, "1, 10, 'd', 'x', null");
        await LoadAsync("3, 11, 'c', 'three', null");
        (
            await _bench.BuildAsync(project, r => r with { StartedAt = r.StartedAt.AddHours(2) })
        ).ShouldSucceed();
        await LoadAsync("1, 10, 'u', null, 'late'", "4, 10, 'c', 'y', 'later'");
        (
            await _bench.BuildAsync(project, r => r with { StartedAt = r.StartedAt.AddHours(2) })
        ).ShouldSucceed();
        (await RowsAsync()).ShouldBe(["3|11|three|null", "4|10|y|later"]);
    }

    [Fact]
    public async Task Build_OlderThanAForgottenDeleteOfAKeyThatLivesAgain_FillsNoNulls()
    {
        var project = Project(
            new CdcConfig { TombstoneRetention = TimeSpan.FromHours(1), IgnoreNullUpdates = true }
        );
        await ApplyAsync(project, "1, 5, 'u', 'a', 'b'", "1, 10, 'd', null, null", "2, 5, 'c', 'two', null");
        foreach (
            var events in new[]
            {
                "9, 11, 'u', 'z', 'z'",
                "1, 12, 'u', null, 'n'",
                "1, 8, 'u', 'gone', null",
                "2, 7, 'u', null, 'filled'",
            }
        )
        {
            await LoadAsync(events);
            (
                await _bench.BuildAsync(project, r => r with { StartedAt = r.StartedAt.AddHours(2) })
            ).ShouldSucceed();
        }
        (await RowsAsync()).ShouldBe(["1|12|null|n", "2|7|two|filled", "9|11|z|z"]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Build_ColumnSpelledInAnotherCase_IsTheSameColumn(int type, bool ignoresNulls)
    {
        var cdc = new CdcConfig { ScdType = type, IgnoreNullUpdates = ignoresNulls };
        List<string> events = ["1, 1, 'c', 'a', 'x'", "2, 1, 'c', 'b', 'y'"];
        await ApplyAsync(Project(cdc), [.. events]);
        var respelled = _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "state",
                "select k as \"K\", seq, op, a as \"A\", b from {batch}",
                Materialization.Cdc,
                c => Keyed(c, cdc),
                connection
            );

        // an engine that tells them apart reads all events again
        events.AddRange("1, 2, 'u', 'a2', 'x2'", "3, 2, 'c', 'c', 'z'");
        await ApplyAsync(respelled, [.. events]);
        await ApplyAsync(respelled, "3, 3, 'd', null, null", "2, 3, 'u', 'b3', 'y3'");

        var (k, a) = connection == "pg" ? ("\"K\"", "\"A\"") : ("k", "a");
        var current = type == 2 ? " where is_current" : "";
        (
            await _bench.QueryAsync($"select {k}, {a}, b from main.state{current} order by 1", connection)
        ).ShouldBe(["1|a2|x2", "2|b3|y3"]);
    }

    [Fact]
    public async Task Build_OtherSettings_ReadsAllEventsAgain()
    {
        await ApplyAsync(Project(new CdcConfig()), "1, 1, 'c', 'a', null", "1, 2, 'u', 'b', null");
        var project = Project(new CdcConfig { ScdType = 2 });
        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        var planned = result.Plan.Nodes.Single(node => node.Name == "state");
        (planned.Action, planned.ReadsAgain).ShouldBe((PlannedAction.Full, CdcState.SetOtherwise));
        result.Node("state").Node.ReadsAgain.ShouldBe(CdcState.SetOtherwise);
        (await RowsAsync()).ShouldBe(["1|1|a|null|1|2|False", "1|2|b|null|2|null|True"]);
        (
            await _bench.QueryAsync(
                "select count(*) from information_schema.tables where table_schema = '_strata_cdc'",
                connection
            )
        ).ShouldBe(["1"]);
        var pinned = Project(new CdcConfig(), c => c with { FullRefresh = false });
        Workbench.Text(await _bench.BuildAsync(pinned)).ShouldContain("ST7055");
    }

    [Fact]
    public async Task Build_NewColumn_IsAdded()
    {
        var project = Project(new CdcConfig { IgnoreNullUpdates = true });
        await ApplyAsync(project, "1, 1, 'c', 'a', 'b'");
        await _bench.ExecuteAsync("alter table raw.batch add column c int", connection);
        await _bench.ExecuteAsync("update raw.batch set seq = 2, a = null, c = 7", connection);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await RowsAsync()).ShouldBe(["1|2|a|b|7"]);
    }

    private static readonly (string Name, CdcConfig Cdc)[] Kinds =
    [
        ("state_1", new CdcConfig()),
        ("state_1_filled", new CdcConfig { IgnoreNullUpdates = true }),
        // long enough for every event to come in time
        ("state_1_forgets", new CdcConfig { TombstoneRetention = TimeSpan.FromDays(1) }),
        ("state_2", new CdcConfig { ScdType = 2 }),
        ("state_2_filled", new CdcConfig { ScdType = 2, IgnoreNullUpdates = true }),
    ];

    /// <summary>Whatever order the events come in, some of them twice, and however they are cut into batches.</summary>
    [Fact]
    public void Build_AnyOrderAndBatches_GiveTheSame()
    {
        // models of all kinds read the same events, in one run
        var project = _bench.Project().Source("batch", connection: connection);
        foreach (var (name, cdc) in Kinds)
            project.Model(name, "select * from {batch}", Materialization.Cdc, c => Keyed(c, cdc), connection);
        Prop.ForAll(CdcEventLog.Any, arrivals => HoldsAsync(project, arrivals).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3));
    }

    private async Task HoldsAsync(Support.ManifestBuilder project, CdcEventLog.Arrivals arrivals)
    {
        // what failed before, of more events, left its tables
        foreach (var (name, _) in Kinds)
            await _bench.ExecuteAsync($"drop table if exists main.{name}", connection);
        var seen = new HashSet<CdcEventLog.Event>();
        await TakeInAsync(project, arrivals.Events, seen, arrivals.HasTies);
        var whole = new Dictionary<string, string[]>();
        foreach (var (name, cdc) in Kinds)
        {
            whole[name] = await RowsAsync(name);
            if (!arrivals.HasTies)
                whole[name]
                    .ShouldBe(CdcEventLog.Expect(arrivals.Events, cdc.ScdType, cdc.IgnoreNullUpdates), name);
            await _bench.ExecuteAsync($"drop table main.{name}", connection);
        }
        seen.Clear();
        foreach (var batch in arrivals.Batches)
            await TakeInAsync(project, [.. batch.Select(i => arrivals.Events[i])], seen, arrivals.HasTies);
        foreach (var (name, _) in Kinds)
        {
            (await RowsAsync(name)).ShouldBe(whole[name], name);
            await _bench.ExecuteAsync($"drop table main.{name}", connection);
        }
    }

    private async Task TakeInAsync(
        Support.ManifestBuilder project,
        CdcEventLog.Event[] events,
        HashSet<CdcEventLog.Event> seen,
        bool hasTies
    )
    {
        await LoadAsync([.. events.Select(e => e.Sql)]);
        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        var before = LastOf(seen);
        var fresh = events.Where(seen.Add).ToList();
        var raised = LastOf(seen).Where(last => !before.Contains(last)).ToList();
        foreach (var (name, cdc) in Kinds)
        {
            var (read, applied, withoutEffect, mergedAway, lateDropped) = Events(result.Node(name));
            read.ShouldBe(events.Length, name);
            (applied + (withoutEffect ?? 0) + mergedAway + lateDropped).ShouldBe(read, name);
            lateDropped.ShouldBe(0, name);
            if (cdc.ScdType == 2)
                applied.ShouldBe(fresh.Count, name);
            else if (!cdc.IgnoreNullUpdates && !hasTies)
                (applied + (withoutEffect ?? 0)).ShouldBe(raised.Count, name);
            if (withoutEffect is not null && !hasTies)
                withoutEffect.ShouldBe(
                    raised.Count(last =>
                        last.IsDelete && !before.Any(old => old.Key == last.Key && !old.IsDelete)
                    ),
                    name
                );
        }
    }

    /// <summary>The last event of each key.</summary>
    private static List<CdcEventLog.Event> LastOf(IEnumerable<CdcEventLog.Event> events) =>
        [.. events.GroupBy(e => e.Key).Select(key => key.MaxBy(e => e.Sequence)!)];

    private static (long Read, long Applied, long? WithoutEffect, long MergedAway, long LateDropped) Events(
        NodeResult node
    )
    {
        var rows = node.Rows.ShouldNotBeNull();
        return (
            rows.In.ShouldNotBeNull(),
            rows.Applied.ShouldNotBeNull(),
            rows.WithoutEffect,
            rows.MergedAway.ShouldNotBeNull(),
            rows.LateDropped.ShouldNotBeNull()
        );
    }
}
