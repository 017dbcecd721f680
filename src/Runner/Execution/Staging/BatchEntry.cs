using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Publishing;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Brings a staged batch together with its target: how its columns fit, what the target will look like, and
/// what the batch changes in it, for those who read the changes.
/// </summary>
internal sealed class BatchEntry(RunContext context, NodeStatements statements)
{
    private readonly StageKeys _keys = new(statements);
    private readonly StageSpelling _spelling = new(statements);
    private readonly StageLosses _losses = new(statements);
    private readonly StageTypes _types = new(statements);
    private readonly ChangeStager _changes = new(context, statements);

    /// <param name="producerId">The model or transfer whose batch it is.</param>
    /// <param name="about">The node to blame.</param>
    /// <param name="gone">See <see cref="IncrementalBatch.Gone"/>.</param>
    public async Task<(IncrementalBatch Batch, StagedFeed Feed)> StageAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        string producerId,
        RelationNode about,
        ModelConfig config,
        StagedRelation staged,
        CancellationToken cancellationToken,
        ReplacedPeriods? periods = null,
        ImmutableArray<string> replacedFiles = default,
        RelationName? gone = null
    )
    {
        var target =
            staged.Existing
            ?? throw new InvalidOperationException($"'{about.Name}' has no relation to add a batch to");
        if (target.Columns.FirstOrDefault(column => on.Dialect.IsSystemColumn(column.Name)) is { } hidden)
            throw new NodeFailedException(
                SqlDiagnostics.SystemColumn(
                    about.Declaration,
                    $"the table of '{about.Name}' has",
                    hidden.Name,
                    on.Dialect.Name,
                    $"'--full-refresh -s {about.Name}' makes it without, once its query gives the column another name"
                )
            );
        staged = await _spelling.AdoptAsync(lease, on, about, target, staged, cancellationToken);
        await _losses.RefuseAsync(lease, on, about, target, staged, config.OnSchemaChange, cancellationToken);
        var given = staged.Columns;
        staged = await _types.AdoptAsync(
            lease,
            on,
            about,
            target,
            staged,
            config.OnSchemaChange,
            cancellationToken
        );
        if (periods is not null)
            periods = periods with { Column = StageSpelling.Of(target, periods.Column) ?? periods.Column };
        var batch = Enter(on, about, config, target, staged) with { Periods = periods, Gone = gone };
        batch = await CastAsync(lease, on, producerId, about, batch, given, cancellationToken);
        await _keys.RefuseSameWhenCastAsync(lease, on, about, batch, cancellationToken);
        batch = batch with { Match = await _keys.BoundAsync(lease, on, about, batch, cancellationToken) };
        if (!replacedFiles.IsDefaultOrEmpty)
            batch = Replacing(about, batch, replacedFiles);
        var overlay = new ModelStatement(Overlay.CreateView(on.Dialect, batch));
        await statements.RunAsync(lease, about, overlay, cancellationToken);

        KeptFeed.Check(context, producerId, about, batch.Columns.After);
        var batchId = context.NextBatchOf(producerId);
        // whoever reads changes cannot follow when old rows lose or change values: they read from the start
        var startsOver = !batch.Columns.KeepsOldShape || periods is { Kept.IsEmpty: false };
        // rows without a key are compared as a whole: those of before and after have nothing to compare
        startsOver |= batch.Strategy == IncrementalStrategy.Microbatch && batch.Columns.ChangesTarget;
        var epoch = startsOver ? null : on.FeedOf(producerId)?.Epoch;
        if (epoch is null || !KeptFeed.IsKept(context, producerId, batch.Columns.After))
            return (batch, new StagedFeed(epoch ?? context.Plan.RunId, batchId, null));
        (batch, var changes) = await _changes.StageAsync(
            lease,
            on,
            producerId,
            about,
            batch,
            cancellationToken
        );
        return (batch, new StagedFeed(epoch, batchId, changes));
    }

    /// <summary>
    /// The columns whose values become those of another type. Of types that the batch before had, too, nobody asks, and a column of nulls, as of
    /// <c>null as v</c>, has no type that anybody chose.
    /// </summary>
    private async Task<IncrementalBatch> CastAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        string producerId,
        RelationNode about,
        IncrementalBatch batch,
        ImmutableArray<ColumnSchema> given,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<ColumnSchema> cast =
        [
            .. given.Where(column =>
                batch.Columns.Filled.Find(column.Name) is { } there && there.Type != column.Type
            ),
        ];
        batch = batch with { Cast = cast };
        if (cast.IsEmpty || LandedColumns.OfBatch(producerId, cast).HasTypesOf(on.CastColumnsOf(producerId)))
            return batch;
        var counts = cast.Select(column => $"count({on.Dialect.QuoteIdentifier(column.Name)})");
        var sql =
            $"select count(*), {string.Join(", ", counts)}\nfrom {on.Dialect.Quote(batch.Staged.Physical)}";
        var row = (
            await statements.QueryAsync(lease, about, new ModelStatement(sql), 1, cancellationToken)
        ).Rows[0];
        // of no rows nothing can be said but the type
        return batch with { NewlyCast = [.. cast.Where((_, i) => Count(0) == 0 || Count(i + 1) > 0)] };

        long Count(int at) => RowSet.Long(row[at]);
    }

    /// <summary>The rows of some files leave the target, whatever the batch brings.</summary>
    private static IncrementalBatch Replacing(
        RelationNode about,
        IncrementalBatch batch,
        ImmutableArray<string> files
    )
    {
        if (!Has(batch.Columns.After))
            throw Refuse($"it has no column {IncrementalBatch.FileColumn}");
        if (Has(batch.Columns.Added))
            throw Refuse(
                $"the rows that are there already do not say which file they are of: {IncrementalBatch.FileColumn} is new; "
                    + "'--full-refresh' once reads all files again"
            );
        return batch.ReplaceFiles(files);

        static bool Has(ImmutableArray<ColumnSchema> columns) =>
            IncrementalBatch.FileColumnOf(columns) is not null;

        NodeFailedException Refuse(string why) =>
            new(
                FileDiagnostics.CannotReplace(
                    about.Declaration,
                    about.Name,
                    "replacing the rows of a file",
                    why
                )
            );
    }

    private static IncrementalBatch Enter(
        ConnectionRun on,
        RelationNode about,
        ModelConfig config,
        RelationInfo target,
        StagedRelation staged
    )
    {
        var strategy = config.Strategy;
        if (strategy == IncrementalStrategy.InsertOverwrite && config.PartitionBy.IsEmpty)
            throw new NodeFailedException(Lacks("partition_by"));
        if (strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert && staged.Key.IsEmpty)
            throw new NodeFailedException(Lacks("unique_key"));
        var (columns, refused) = ColumnPlan.Create(target.Columns, staged.Columns, config.OnSchemaChange);
        if (!refused.IsEmpty)
        {
            var mode = config.OnSchemaChange switch
            {
                OnSchemaChange.Fail => "fail",
                OnSchemaChange.Ignore => "ignore",
                var other => other.ToString(),
            };
            throw new NodeFailedException(
                InputDiagnostics.SchemaChanged(about.Declaration, about.Name, mode, refused)
            );
        }
        var match = new KeyMatch(
            on.Dialect,
            staged.Key,
            on.Capabilities.HashesNullSafeEquality,
            staged.NullKeyRows,
            config.IncrementalPredicates
        )
        {
            JoinsPruneTarget = on.Capabilities.JoinsPruneTarget,
        };
        return new IncrementalBatch(staged, columns, strategy, match, config);

        Diagnostic Lacks(string option) =>
            BuildDiagnostics.StrategyLacks(
                about.Declaration,
                about.Name,
                IncrementalWriter.Words(strategy),
                option
            );
    }
}
