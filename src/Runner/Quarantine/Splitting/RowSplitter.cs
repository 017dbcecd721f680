using System.Collections.Immutable;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Files;
using Strata.Runner.Materializations;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>A stage that is split, and what by.</summary>
/// <param name="OfTheRun">The columns that are others in every run.</param>
/// <param name="Periods">The periods that it holds, where it does not hold all rows of the node or a batch of them.</param>
/// <param name="Together">What rows of the node may refer to, those of the stage among them.</param>
/// <param name="Files">The landed files that the expectations read, of the session that splits.</param>
/// <param name="Judged">True for rows that the expectations are about; null for all.</param>
internal sealed record SplitStage(
    ConnectionRun On,
    RelationNode Node,
    StagedRelation Rows,
    RunDependent OfTheRun,
    ImmutableArray<TestNode> Tests,
    StagedQuarantine Quarantine,
    PeriodRows? Periods,
    RowsTogether Together,
    FileBatch Files,
    string? Judged
);

/// <summary>How many failing rows of a stage have one status and the same reasons.</summary>
internal readonly record struct RowOutcome(string Status, ImmutableArray<string> Reasons, long Rows);

/// <summary>What became of the failing rows of a stage.</summary>
/// <param name="Entered">How many entered the stage as they were corrected.</param>
/// <param name="Unmet">Of a stage that holds everything, some files or some periods anew: how many rows that were corrected or dropped it does not have.</param>
/// <param name="Unknown">How many failing rows such a stage has that were not known before.</param>
/// <param name="Doubtful">How many rows pass that look like corrected or dropped ones, and differ from them where a rule looks.</param>
internal sealed record SplitOutcome(
    ImmutableArray<RowOutcome> Outcomes,
    long Entered,
    long Unmet,
    long Unknown,
    long Doubtful
);

/// <summary>Takes failing rows out of a stage, and puts corrected ones in their places.</summary>
internal sealed class RowSplitter(NodeStatements statements, RuleBinder rules)
{
    /// <param name="settled">The prints of rows that were corrected or dropped, of <see cref="SettledRows"/>.</param>
    public async Task<SplitOutcome> SplitAsync(
        SessionPool.Lease lease,
        SplitStage stage,
        RelationName? settled,
        CancellationToken cancellationToken
    )
    {
        var (on, node, quarantine) = (stage.On, stage.Node, stage.Quarantine);
        var split = Script(stage);
        var create = StageScripts.CreateTable(on.Dialect, on.Capabilities, on.Names.Diverted(node.Relation));
        RelationName? known = quarantine.Exists ? quarantine.Table : null;
        var appends =
            quarantine.Rereads != StagedQuarantine.All
            && node is ModelNode model
            && model.Config.Strategy == IncrementalStrategy.Append;
        // of a batch before, that failed after it was split
        await Run(Ddl.DropTable(on.Dialect, on.Names.Diverted(node.Relation)));
        await Run(split.Divert(create, appends ? known : null, quarantine.Rereads, settled));
        await Run(split.DeleteFromStage());
        var (entered, unmet, unknown, doubtful) = (0L, 0L, 0L, 0L);
        if (known is { } before)
        {
            if (split.KeepIds(before) is { } keepIds)
                await Run(keepIds);
            if (
                quarantine.Rereads == StagedQuarantine.All
                && split.KeepIdsByKey(before, (node as ModelNode)?.Config.UniqueKey ?? []) is { } keepByKey
            )
                await Run(keepByKey);
            var (rows, statuses) = SettledRows.Corrected(quarantine);
            if (split.ReturnDoubtful(before, [.. statuses, RowStatus.Dropped]) is { } others)
            {
                doubtful = await Run(others.Return);
                await Run(others.Forget);
            }
            await Run(split.RecogniseDropped(before));
            rows = await RefreshAsync(split, quarantine, rows, statuses);
            var over =
                rules.Over(
                    on,
                    stage.Tests,
                    node,
                    rows,
                    quarantine.Columns,
                    stage.Together.And(
                        rows,
                        quarantine.Columns,
                        $"{QuarantineTable.Status} in ({string.Join(", ", statuses.Select(on.Dialect.QuoteString))})"
                    ),
                    stage.Files,
                    stage.Judged
                ) ?? RowRules.None(on.Dialect, rows, node.Relation, stage.Judged);
            var (enter, note) = split.Reenter(over, statuses, stage.Periods);
            entered = await Run(enter);
            await Run(note);
            // before those that pass go back: a row that was corrected stays corrected
            if (!over.Rules.IsEmpty)
                await Run(Rejudge(on.Dialect, on.Names.Diverted(node.Relation), over, statuses));
            foreach (var sql in split.ReturnPassing())
                await Run(sql);
            if ((quarantine.Rereads ?? stage.Periods?.Stood) is { } rereads)
            {
                var file =
                    rereads == StagedQuarantine.All
                        ? null
                        : IncrementalBatch.FileColumnOf(stage.Rows.Columns)?.Name;
                var strangers = await statements.QueryAsync(
                    lease,
                    node,
                    split.CountStrangers(
                        before,
                        rereads,
                        file is null ? null : on.Dialect.QuoteIdentifier(file)
                    ),
                    1,
                    cancellationToken
                );
                unmet = strangers.LongAt(0);
                unknown = strangers.LongAt(1);
            }
        }
        var fates = await CountAsync(lease, node, split, cancellationToken);
        return new SplitOutcome(fates, entered, unmet, unknown, doubtful);

        // what is published is not touched before all is
        async Task<RelationName> RefreshAsync(
            SplitScript script,
            StagedQuarantine of,
            RelationName rows,
            ImmutableArray<string> statuses
        )
        {
            if (script.Refreshed.IsEmpty)
                return rows;
            var copy = on.Names.Corrected(node.Relation);
            if (of.Replayed is null)
            {
                await Run(Ddl.DropTable(on.Dialect, copy));
                await Run(
                    $"{StageScripts.CreateTable(on.Dialect, on.Capabilities, copy)} as select * from {on.Dialect.Quote(rows)} "
                        + $"where {QuarantineTable.Status} in ({string.Join(", ", statuses.Select(on.Dialect.QuoteString))})"
                );
            }
            await Run(script.Refresh(copy));
            return copy;
        }

        Task<long> Run(string sql) =>
            statements.RunAsync(lease, node, new ModelStatement(sql), cancellationToken);
    }

    /// <summary>A row that was corrected and fails all the same keeps its values, and has the reasons that these give.</summary>
    /// <param name="corrected">The rules, bound to the corrected rows.</param>
    private static string Rejudge(
        SqlDialect dialect,
        RelationName diverted,
        RowRules corrected,
        ImmutableArray<string> statuses
    )
    {
        var (id, status, reasons) = (QuarantineTable.Id, QuarantineTable.Status, QuarantineTable.Reasons);
        var list = string.Join(", ", statuses.Select(dialect.QuoteString));
        return $"""
            update {dialect.Quote(diverted)} as __strata_fresh_row set {reasons} = judged.reasons
            from (
              select {corrected.Alias}.{id} as id, cast({corrected.Reasons(dialect)} as {dialect.TypeName(
                SqlType.Text
            )}) as reasons
              from {corrected.From} where {status} in ({list}) and {corrected.AnyFails}
            ) as judged
            where __strata_fresh_row.{id} = judged.id and __strata_fresh_row.{status} = '{RowStatus.Open}'
            """;
    }

    /// <summary>Whether rows of the stage are among those that were corrected or dropped, though none of them fails today.</summary>
    public async Task<bool> HasSettledAsync(
        SessionPool.Lease lease,
        SplitStage stage,
        RelationName? settled,
        CancellationToken cancellationToken
    )
    {
        if (settled is not { } prints)
            return false;
        var sql = Script(stage).FindSettled(prints);
        var found = await statements.QueryAsync(lease, stage.Node, sql, 1, cancellationToken);
        return !found.Rows.IsEmpty;
    }

    /// <summary>How many of the rows of a replay that somebody has corrected are none of those that came.</summary>
    /// <param name="isSplit">Whether any rows were taken out of the stage.</param>
    public async Task<long> CountUnusedAsync(
        SessionPool.Lease lease,
        SplitStage stage,
        bool isSplit,
        CancellationToken cancellationToken
    )
    {
        if (stage.Quarantine is not { Replayed: { } copy, KeepsUnused: true })
            return 0;
        RelationName? diverted = isSplit ? stage.On.Names.Diverted(stage.Node.Relation) : null;
        var sql = SplitScript.CountUnused(stage.On.Dialect, stage.Quarantine, copy, diverted);
        return (await statements.QueryAsync(lease, stage.Node, sql, 1, cancellationToken)).ScalarLong;
    }

    public ImmutableArray<string> Refreshed(SplitStage stage) => Script(stage).Refreshed;

    private SplitScript Script(SplitStage stage)
    {
        var (on, node, rows) = (stage.On, stage.Node, stage.Rows);
        return new SplitScript(
            on.Dialect,
            rows,
            rules.Over(
                on,
                stage.Tests,
                node,
                rows.Physical,
                rows.Columns,
                stage.Together,
                stage.Files,
                stage.Judged
            ) ?? RowRules.None(on.Dialect, rows.Physical, node.Relation, stage.Judged),
            stage.OfTheRun,
            on.Names.Diverted(node.Relation),
            stage.Quarantine.Occasion
        );
    }

    private async Task<ImmutableArray<RowOutcome>> CountAsync(
        SessionPool.Lease lease,
        RelationNode node,
        SplitScript split,
        CancellationToken cancellationToken
    )
    {
        var rows = await statements.QueryAsync(
            lease,
            node,
            split.CountByReasons(),
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows.Rows.Select(row => new RowOutcome(
                (string?)row[0] ?? "",
                RowRules.ReadReasons((string?)row[1]),
                RowSet.Long(row[2])
            )),
        ];
    }
}
