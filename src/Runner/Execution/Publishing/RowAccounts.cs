using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Results;

namespace Strata.Runner.Execution.Publishing;

/// <summary>
/// Counts the rows on both sides of a publish, within its transaction, and refuses a publish whose rows do not add up before
/// anybody sees it.
/// </summary>
internal sealed class RowAccounts(RunContext context)
{
    /// <summary>
    /// What a comparison has found, of a table in which the rows that differ are changed where it found them. What it found no longer holds once
    /// others have written to the table.
    /// </summary>
    private static TableDifferences? FoundDifferences(StagedNode node) =>
        node.Relation is { Differences: { } found, Writer.Writer: TableWriter.ByKey or TableWriter.ByRow }
            ? found
            : null;

    /// <exception cref="OutdatedComparisonException">Not all rows were where they had been found.</exception>
    public static void RefuseOutdated(StagedNode node, IReadOnlyDictionary<RowEffect, long> effects)
    {
        if (
            FoundDifferences(node) is { } found
            && (
                effects.GetValueOrDefault(RowEffect.Inserted) != found.Inserted
                || effects.GetValueOrDefault(RowEffect.Updated) != found.Updated
                || effects.GetValueOrDefault(RowEffect.Deleted) != found.Deleted
            )
        )
            throw new OutdatedComparisonException(node.Node.Id);
    }

    /// <summary>The rows of the relation before anything is written; null where that is not worth its price.</summary>
    /// <exception cref="OutdatedComparisonException">The relation is not what its stage was compared with.</exception>
    public async Task<long?> CountBeforeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        StagedNode node,
        PublishScript script,
        CancellationToken cancellationToken
    )
    {
        if (!script.CountsRows)
            return null;
        if (node.Relation.Existing is not { Kind: RelationKind.Table })
            return 0;
        if (FoundDifferences(node) is { } found)
        {
            var query = TableComparison.Before(on.Dialect, node.Relation.Published);
            var row = (await lease.Session.QueryAsync(query, 1, cancellationToken)).Rows[0];
            return row[1] as string == found.Digest
                ? found.Before
                : throw new OutdatedComparisonException(node.Node.Id);
        }
        // where all rows are compared anyway, counting them is the least of it
        return on.Capabilities.CountsTablesQuickly || script.Rule == RowRule.Replace
            ? await CountAsync(lease, on, node, cancellationToken)
            : null;
    }

    /// <param name="kept">See <see cref="RowLedger.Kept"/> and <see cref="RowLedger.KeptPerUpdate"/>.</param>
    /// <exception cref="NodeFailedException">The rows do not add up.</exception>
    public async Task<RowCounts> CloseAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        StagedNode node,
        PublishScript script,
        long? before,
        IReadOnlyDictionary<RowEffect, long> effects,
        (long Rows, int PerUpdate)? kept,
        CancellationToken cancellationToken
    )
    {
        long? Counted(RowEffect effect) => script.CountsRows ? effects.GetValueOrDefault(effect) : null;
        var ledger = new RowLedger
        {
            Rule = script.Rule,
            Given = node.Given,
            Staged = node.Relation.Rows,
            MergedAway = node.MergedAway,
            Quarantined = node.Quarantined,
            Events = node.Events,
            Before = before,
            // a stage that takes the table's place was counted as a stage
            After =
                script.CountsRows && on.Capabilities.CountsTablesQuickly
                    ? await CountAsync(lease, on, node, cancellationToken)
                    : null,
            Inserted = Counted(RowEffect.Inserted),
            Updated = Counted(RowEffect.Updated),
            Deleted = Counted(RowEffect.Deleted),
            Found = node.Batch?.Merged is { Changed: >= 0 } merged ? merged.Changed : null,
            Kept = script.CountsRows ? kept?.Rows : null,
            KeptPerUpdate = kept?.PerUpdate ?? 1,
        };
        if (script.CountMet is { } met && !ledger.IsSettled)
            ledger = ledger with { Met = await CountAsync(lease, met, cancellationToken) };
        var imbalances = ledger.Imbalances();
        if (!imbalances.IsEmpty)
        {
            var about = context.Manifest.Find<RelationNode>(node.Node.TransferredNode ?? node.Node.Id);
            throw new NodeFailedException(
                InternalDiagnostics.RowsDoNotAddUp(about?.Declaration, node.Node.Name, imbalances)
            )
            {
                NodeId = node.Node.Id,
            };
        }
        return ledger.ToCounts(context.StateOf(node.Node.Id)?.Rows);
    }

    private static Task<long> CountAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        StagedNode node,
        CancellationToken cancellationToken
    ) =>
        CountAsync(
            lease,
            $"select count(*) from {on.Dialect.Quote(node.Relation.Published)}",
            cancellationToken
        );

    private static async Task<long> CountAsync(
        SessionPool.Lease lease,
        string sql,
        CancellationToken cancellationToken
    ) => (await lease.Session.QueryAsync(sql, 1, cancellationToken)).ScalarLong;
}
