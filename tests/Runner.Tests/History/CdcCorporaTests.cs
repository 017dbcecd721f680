using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.History;

/// <summary>Fourteen years of the members of an index as Debezium events: their history must hold every published list.</summary>
public sealed class CdcCorporaTests
{
    private const string Data = "data/cdc/sp500_constituents_debezium";

    [CorporaFact(Data)]
    public async Task Build_EventsInAnyOrder_HoldEverySnapshotEverPublished()
    {
        await using var bench = new Workbench();
        await bench.ExecuteAsync("create schema raw");
        await bench.ExecuteAsync(
            $"""
            create table raw.log as select json ->> '$.op' as op, cast(json ->> '$.source.lsn' as bigint) as lsn,
              strftime(make_timestamp(cast(json ->> '$.ts_ms' as bigint) * 1000), '%Y%m%dT%H%M%SZ') as stamp,
              case when json ->> '$.op' = 'd' then json -> 'before' else json -> 'after' end as row
            from read_json('{Corpora.PathTo(
                Data
            )}/**/*.jsonl.gz', format = 'newline_delimited', records = false, columns = {"{'json': 'JSON'}"})
            """
        );
        var values = string.Join(
            ", ",
            MembershipLists.Columns.Select(c => $"nullif(row ->> '$.\"{c}\"', '') as \"{c}\"")
        );
        var project = bench
            .Project()
            .Source("batch")
            .Model(
                "members",
                "select * from {batch}",
                Materialization.Cdc,
                c =>
                    c with
                    {
                        UniqueKey = ["Symbol"],
                        Cdc = new CdcConfig
                        {
                            SequenceBy = ["lsn"],
                            ApplyAsDeletes = "op = 'd'",
                            ExceptColumns = ["op", "lsn"],
                            ScdType = 2,
                        },
                    }
            );
        // batches of events from all years, the first ones last, and some of them again
        for (var batch = 3; batch >= 0; batch--)
        {
            await bench.ExecuteAsync(
                $"create or replace table raw.batch as select op, lsn, {values} from raw.log where hash(lsn) % 4 = {batch} or lsn % 50 = {batch}"
            );
            (await bench.BuildAsync(project)).ShouldSucceed();
        }
        (await bench.QueryAsync("select count(*) from main.members where is_current")).ShouldBe(["503"]);

        var names = string.Join(", ", MembershipLists.Columns.Select(c => $"\"{c}\""));
        await bench.ExecuteAsync($"create table raw.published as {MembershipLists.Query(bench)}");
        await bench.ExecuteAsync(
            $"""
            create table raw.replayed as select stamp, {names}
            from (select distinct stamp, (select max(lsn) from raw.log where log.stamp <= published.stamp) as upto from raw.published) as lists
            join main.members on valid_from <= upto and (valid_to is null or upto < valid_to)
            """
        );
        var lists = await bench.QueryAsync("select count(distinct stamp) from raw.published");
        int.Parse(lists[0], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(181);
        (
            await bench.QueryAsync("select * from raw.published except all select * from raw.replayed")
        ).ShouldBeEmpty();
        (
            await bench.QueryAsync("select * from raw.replayed except all select * from raw.published")
        ).ShouldBeEmpty();
    }
}
