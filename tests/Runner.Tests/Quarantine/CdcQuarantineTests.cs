using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Quarantine;

/// <summary>Change events that a cdc model sets aside, and that come back to where their sequence says.</summary>
public abstract class CdcQuarantineTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private static readonly TestConfig Severe = new() { Severity = TestSeverity.Quarantine };

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

    private static ModelConfig Keyed(ModelConfig config, int scdType) =>
        config with
        {
            UniqueKey = ["k"],
            Cdc = new CdcConfig
            {
                ScdType = scdType,
                SequenceBy = ["seq"],
                ApplyAsDeletes = "op = 'd'",
                ExceptColumns = ["op"],
            },
        };

    private Support.ManifestBuilder Project(int scdType = 1) =>
        Follow(_bench.Project().Source("batch", connection: connection), "state", "batch", scdType);

    private Support.ManifestBuilder Follow(
        Support.ManifestBuilder project,
        string name,
        string source,
        int scdType
    ) =>
        project
            .Model(
                name,
                $"select * from {{{source}}}",
                Materialization.Cdc,
                c => Keyed(c, scdType),
                connection
            )
            .Expect(name, "not_null", "a", Severe)
            .Expect(name, "not_null", "seq", Severe);

    private async Task LoadAsync(string table, params string[] events)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync($"drop table if exists raw.{table}", connection);
        await _bench.ExecuteAsync(
            $"create table raw.{table} (k int, seq bigint, op text, a text)",
            connection
        );
        if (events.Length > 0)
            await _bench.ExecuteAsync(
                $"insert into raw.{table} values {string.Join(", ", events.Select(e => $"({e})"))}",
                connection
            );
    }

    private async Task<NodeResult> ApplyAsync(params string[] events)
    {
        await LoadAsync("batch", events);
        return (await _bench.BuildAsync(Project())).ShouldSucceed().Node("state");
    }

    private Task<RunResult> ReplayAsync(
        Support.ManifestBuilder project,
        string name = "state",
        bool isDryRun = false,
        bool fullRefresh = false
    ) =>
        _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Selected = [$"model.shop.{name}"],
                    FullRefresh = fullRefresh,
                    Replay = new ReplayRequest($"model.shop.{name}") { IsDryRun = isDryRun },
                }
        );

    private Task<string[]> RowsAsync(string sql = "select * from main.state order by 1") =>
        _bench.QueryAsync(sql, connection);

    private Task<string[]> QuarantineAsync() =>
        RowsAsync("select k, seq, op, a, _quarantine_status from main.state__quarantine order by 1, 2");

    [Fact]
    public async Task EventsThatFail_AreSetAside_AndTakeTheirPlaceBySequence_DeletesAreNotJudged()
    {
        var first = await ApplyAsync(
            "1, 1, 'c', 'one'",
            "1, 5, 'u', null",
            "2, 1, 'c', null",
            "3, 1, 'c', 'three'",
            "3, 2, 'd', null",
            "4, null, 'c', 'never'"
        );

        first.Outcome.ShouldBe(Outcome.Warned);
        (first.Rows!.In, first.Rows.Applied, first.Rows.MergedAway, first.Rows.Quarantined).ShouldBe(
            (6, 2, 1, 3)
        );
        (await RowsAsync()).ShouldBe(["1|1|one"]);
        (await QuarantineAsync()).ShouldBe(["1|5|u|null|open", "2|1|c|null|open", "4|null|c|never|open"]);

        // the second is older than what comes now, the first is not
        var second = await ApplyAsync("1, 3, 'u', 'three'", "2, 4, 'u', 'four'", "1, 5, 'u', null");
        (second.Rows!.In, second.Rows.Applied, second.Rows.Quarantined).ShouldBe((3, 2, 1));
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
        await _bench.ExecuteAsync(
            "update main.state__quarantine set a = 'mended' where seq is not null",
            connection
        );
        (await ReplayAsync(Project(), isDryRun: true))
            .ShouldSucceed()
            .Node("state")
            .Rows!.Replayed.ShouldBe(2);
        (await RowsAsync()).ShouldBe(["1|3|three", "2|4|four"]);
        var replay = (await ReplayAsync(Project())).ShouldSucceed().Node("state").Rows!;

        (replay.In, replay.Applied, replay.MergedAway, replay.Replayed, replay.Quarantined).ShouldBe(
            (3, 1, 1, 2, 1)
        );
        (await RowsAsync()).ShouldBe(["1|5|mended", "2|4|four"]);
        (await QuarantineAsync()).ShouldBe([
            "1|5|u|mended|replayed",
            "2|1|c|mended|replayed",
            "4|null|c|never|open",
        ]);
        // the bad event comes once more
        (await ApplyAsync("1, 5, 'u', null")).Rows!.Quarantined.ShouldBe(0);
        (await RowsAsync()).ShouldBe(["1|5|mended", "2|4|four"]);
    }

    [Fact]
    public async Task AnEventLikeOneThatWasCorrected_IsALaterOne()
    {
        var project = _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(
                "up",
                "select * from {batch}",
                Materialization.Incremental,
                c => c with { UniqueKey = ["k"] },
                connection
            )
            .Model(
                "state",
                "select * from {changes up}",
                Materialization.Cdc,
                c =>
                    c with
                    {
                        UniqueKey = ["k"],
                        Cdc = new CdcConfig { ScdType = 1, SequenceBy = ["_change_batch"] },
                    },
                connection
            )
            .Expect("state", "not_null", "a", Severe);
        await ApplyAsync("(1, null)");
        await _bench.ExecuteAsync("update main.state__quarantine set a = 'mended'", connection);
        (await ReplayAsync(project)).ShouldSucceed();
        (await RowsAsync("select k, a from main.state")).ShouldBe(["1|mended"]);
        await ApplyAsync("(1, 'between')");
        (await RowsAsync("select k, a from main.state")).ShouldBe(["1|between"]);

        await ApplyAsync("(1, null)");

        (await RowsAsync("select k, a from main.state")).ShouldBe(["1|mended"]);
        (await RowsAsync("select _quarantine_status from main.state__quarantine")).ShouldBe(["replayed"]);

        async Task ApplyAsync(string events)
        {
            await _bench.ExecuteAsync("create schema if not exists raw", connection);
            await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
            await _bench.ExecuteAsync("create table raw.batch (k int, a text)", connection);
            await _bench.ExecuteAsync($"insert into raw.batch values {events}", connection);
            (await _bench.BuildAsync(project)).ShouldSucceed();
        }
    }

    [Fact]
    public async Task OtherSettingsThanItsStateHas_ReplayTakesAFullRefresh()
    {
        await ApplyAsync("1, 1, 'c', 'one'", "1, 5, 'u', null");
        await _bench.ExecuteAsync("update main.state__quarantine set a = 'mended'", connection);
        Workbench.Text(await ReplayAsync(Project(2))).ShouldContain("ST7070");

        (await ReplayAsync(Project(2), fullRefresh: true)).ShouldSucceed();

        (await RowsAsync("select k, a, is_current from main.state order by 2")).ShouldBe([
            "1|mended|True",
            "1|one|False",
        ]);
        (await QuarantineAsync()).ShouldBe(["1|5|u|mended|replayed"]);
    }

    [Fact]
    public async Task EventsInQuarantine_GoBackWithTheirModel()
    {
        await LoadAsync("batch", "1, 1, 'c', 'one'", "1, 5, 'u', null");
        var first = (await _bench.BuildAsync(Project())).ShouldSucceed().Plan.RunId;
        await ApplyAsync("2, 1, 'c', null", "1, 2, 'u', 'two'");
        await _bench.ExecuteAsync("update main.state__quarantine set a = 'mended'", connection);
        (await ReplayAsync(Project())).ShouldSucceed();
        (await RowsAsync()).ShouldBe(["1|5|mended", "2|1|mended"]);

        (await _bench.RollbackAsync(Project(), first)).ShouldBeBack();

        (await RowsAsync()).ShouldBe(["1|1|one"]);
        (await QuarantineAsync()).ShouldBe(["1|5|u|null|open"]);
        await ApplyAsync("1, 2, 'u', 'two'");
        (await RowsAsync()).ShouldBe(["1|2|two"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ReplayedHistory_EqualsOneThatNeverFailed(int scdType)
    {
        var random = new Random(scdType);
        var events = Enumerable.Range(1, 15).Select(sequence => Event(random, sequence)).ToArray();
        random.Shuffle(events);
        var project = Follow(Project(scdType).Source("all", connection: connection), "good", "all", scdType);
        await LoadAsync("all", [.. events.Select(e => $"{e.Key}, {e.Sequence}, '{e.Op}', {e.Good}")]);
        foreach (var some in events.Chunk(4))
        {
            await LoadAsync(
                "batch",
                [.. some.Select(e => $"{e.Key}, {e.Sequence}, '{e.Op}', {(e.IsBad ? "null" : e.Good)}")]
            );
            (await _bench.BuildAsync(project)).ShouldSucceed();
            if (random.Next(2) == 0 || some.Contains(events[^1]))
            {
                foreach (var e in events)
                    await _bench.ExecuteAsync(
                        $"update main.state__quarantine set a = {e.Good} where seq = {e.Sequence} and a is null",
                        connection
                    );
                (await ReplayAsync(project)).ShouldSucceed();
            }
        }

        var replayed = await RowsAsync("select * from main.state order by k, seq");
        replayed.ShouldBe(await RowsAsync("select * from main.good order by k, seq"));
        replayed.ShouldNotBeEmpty();
    }

    private static (string Key, int Sequence, char Op, string Good, bool IsBad) Event(
        Random random,
        int sequence
    )
    {
        var op = random.Next(4) == 0 ? 'd' : 'u';
        var key = random.Next(4) is > 0 and var k ? k.ToString(CultureInfo.InvariantCulture) : "null";
        // a delete without values is as good as one with them
        return (key, sequence, op, $"'v{random.Next(3)}'", op == 'u' && random.Next(2) == 0);
    }
}

public sealed class DuckDbCdcQuarantineTests() : CdcQuarantineTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresCdcQuarantineTests(PostgresDatabase database)
    : CdcQuarantineTests("pg", database),
        IClassFixture<PostgresDatabase>;
