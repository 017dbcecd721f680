using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.History;

/// <summary>Published lists of the members of an index, each taken as a snapshot: the history must hold every one of them.</summary>
public sealed class SnapshotCorporaTests
{
    [CorporaFact(MembershipLists.Data)]
    public async Task Snapshot_OfManyLists_HoldsThemAll()
    {
        await using var bench = new Workbench();
        await bench.ExecuteAsync("create schema raw");
        await bench.ExecuteAsync(
            $"""
            create table raw.lists as select strptime(stamp, '%Y%m%dT%H%M%SZ') as taken, * exclude (stamp)
            from ({MembershipLists.Query(bench)}) where stamp[5:6] in ('03', '09')
            """
        );
        var project = bench
            .Project()
            .Source("list")
            .Model(
                "members",
                "select * from {list}",
                Materialization.Snapshot,
                c =>
                    c with
                    {
                        UniqueKey = ["Symbol"],
                        Snapshot = new SnapshotConfig
                        {
                            Strategy = SnapshotStrategy.Check,
                            HardDeletes = HardDeletes.Invalidate,
                        },
                    }
            );
        var taken = await bench.QueryAsync(
            "select distinct strftime(taken, '%Y-%m-%d %H:%M:%S') from raw.lists order by 1"
        );
        taken.Length.ShouldBeGreaterThan(20);
        foreach (var at in taken)
        {
            await bench.ExecuteAsync(
                $"create or replace table raw.list as select * exclude (taken) from raw.lists where taken = '{at}'"
            );
            (
                await bench.RunAsync(
                    project,
                    RunCommand.Snapshot,
                    request =>
                        request with
                        {
                            StartedAt = DateTimeOffset.Parse(
                                at + "Z",
                                System.Globalization.CultureInfo.InvariantCulture
                            ),
                        }
                )
            ).ShouldSucceed();
        }
        await bench.ExecuteAsync(
            """
            create table raw.held as select taken, members.* exclude (scd_id, updated_at, valid_from, valid_to, is_current)
            from (select distinct taken from raw.lists) as lists join main.members
              on valid_from <= timezone('UTC', taken) and (valid_to is null or timezone('UTC', taken) < valid_to)
            """
        );
        (await bench.QueryAsync("select * from raw.lists except all select * from raw.held")).ShouldBeEmpty();
        (await bench.QueryAsync("select * from raw.held except all select * from raw.lists")).ShouldBeEmpty();
    }
}
