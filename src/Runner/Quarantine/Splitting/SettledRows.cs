using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>Rows that were taken out before and then corrected or dropped: by what they are known when they come again.</summary>
internal sealed class SettledRows(NodeStatements statements)
{
    /// <summary>
    /// Puts the prints of such rows, each once, into a table of the session that goes with the lease. An own table, since an engine that plans by
    /// statistics has old ones of the quarantine, and takes an hour for what is done in seconds.
    /// </summary>
    /// <returns>Null where there are none, and where a row that looks like one of them need not be it.</returns>
    public async Task<RelationName?> StageAsync(
        SessionPool.Lease lease,
        SplitStage stage,
        CancellationToken cancellationToken
    )
    {
        if (Prints(stage) is not { } prints)
            return null;
        var (on, node) = (stage.On, stage.Node);
        // mostly there are none
        var any = await statements.QueryAsync(
            lease,
            node,
            $"select 1 from ({prints}) as settled limit 1",
            1,
            cancellationToken
        );
        if (any.Rows.IsEmpty)
            return null;
        var table = on.Names.Settled(node.Relation);
        await RunAsync(Ddl.DropTable(on.Dialect, table));
        await RunAsync(
            $"create temporary table {on.Dialect.Quote(table)} as select distinct {QuarantineTable.Print} from ({prints}) as settled"
        );
        lease.Own(new TemporaryTable(lease, on.Dialect, table));
        foreach (var sql in StageScripts.Analyze(on.Dialect, on.Capabilities, table, []))
            await RunAsync(sql);
        return table;

        Task RunAsync(string sql) =>
            statements.RunAsync(lease, node, new ModelStatement(sql), cancellationToken);
    }

    /// <summary>Where corrected rows stand, and by which statuses they are known.</summary>
    public static (RelationName Rows, ImmutableArray<string> Statuses) Corrected(
        StagedQuarantine quarantine
    ) =>
        quarantine.Replayed is { } corrected
            ? (corrected, [RowStatus.Open, RowStatus.Replayed])
            : (quarantine.Table, [RowStatus.Replayed]);

    /// <summary>
    /// A query for the prints. Null where a row that looks like one of them need not be it: in a batch that only brings what is new, nothing but its
    /// place in a file tells it from an earlier one.
    /// </summary>
    private static string? Prints(SplitStage stage)
    {
        var rereads =
            stage.Quarantine.Rereads is not null
            || SplitScript.HasPositions(stage.Rows)
            || stage.Node is ModelNode { Config.Materialized: Materialization.Incremental } model
                && model.Config.Strategy
                    is IncrementalStrategy.Microbatch
                        or IncrementalStrategy.DeleteInsert
                        or IncrementalStrategy.InsertOverwrite;
        if (!stage.Quarantine.Exists || !rereads)
            return null;
        var (rows, statuses) = Corrected(stage.Quarantine);
        return $"{Of(stage.Quarantine.Table, [RowStatus.Dropped])} union all {Of(rows, statuses)}";

        string Of(RelationName table, ImmutableArray<string> some) =>
            $"select {QuarantineTable.Print} from {stage.On.Dialect.Quote(table)} where {QuarantineTable.Status} in "
            + $"({string.Join(", ", some.Select(stage.On.Dialect.QuoteString))})";
    }
}
