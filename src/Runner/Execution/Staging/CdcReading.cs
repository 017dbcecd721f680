using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Feeds;
using Strata.Runner.Files.Landing;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Execution.Staging;

/// <summary>The rows that a cdc model's query gave, and what its columns are for.</summary>
/// <param name="HasChange">The query gives the upstream's <c>_change</c>.</param>
/// <param name="Rows">How many rows it gave.</param>
/// <param name="TakenBack">How many of them are no events, because an upstream deleted them.</param>
internal sealed record CdcRead(CdcPlan Plan, bool HasChange, long Rows, long TakenBack)
{
    public LandedFiles Files { get; init; } = LandedFiles.None;

    public ImmutableArray<Diagnostic> Warnings { get; init; } = [];

    /// <summary>Events that expectations have set aside.</summary>
    public Diversion Diversion { get; init; } = new(null, []);
}

/// <summary>Runs a cdc model's query and finds the change events in what it gives.</summary>
internal sealed class CdcReading(
    RunContext context,
    RelationBinder binder,
    NodeStatements statements,
    RowDiverter diverter
)
{
    private readonly StageQuery _query = new(context, statements);
    private readonly ModelFiles _files = new(context, statements);
    private readonly FeedReading _feeds = new(context);

    public async Task<CdcRead> ReadAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        bool incremental,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        var files = await _files.LandAsync(lease, on, planned, model, incremental, cancellationToken);
        var scope = incremental
            ? new ReadScope(files.Batch, _feeds.PositionsOf(on, model))
            : new ReadScope(files.Batch);
        var body = binder.Bind(
            incremental ? model.Incremental ?? model.Full : model.Full,
            model.Connection,
            scope
        );
        await _query.RunAsync(
            lease,
            on,
            model,
            StageScripts.TableAs(on.Dialect, on.Capabilities, place, body),
            place,
            cancellationToken
        );
        var columns = await DescribeAsync(lease, on, model, place, incremental, cancellationToken);
        var diversion = await diverter.DivertAsync(
            lease,
            on,
            planned,
            model,
            new StagedRelation
            {
                Published = model.Relation,
                Physical = place,
                PostImage = place,
                Volatile = StagedNode.VolatileOf(model),
                Columns = columns,
            },
            cancellationToken,
            judged: Judged(on.Dialect, model, columns)
        );
        var read = await FindAsync(lease, on, model, place, incremental, cancellationToken);
        return read with
        {
            Files = files,
            Warnings = [.. files.Warnings, .. diversion.Diagnostics, .. read.Warnings],
            Diversion = diversion,
        };
    }

    /// <summary>What the rows of a stage are, which hold nothing but events.</summary>
    /// <param name="follows">They come after events that are remembered.</param>
    public async Task<CdcRead> FindAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName place,
        bool follows,
        CancellationToken cancellationToken
    )
    {
        var columns = await DescribeAsync(lease, on, model, place, follows, cancellationToken);
        var hasChange = columns.Any(column => column.Name == FeedTables.ChangeColumn);
        var plan = Plan(on.Dialect, model, columns);
        var counts = await statements.QueryAsync(
            lease,
            model,
            CdcEvents.Count(plan, place, hasChange),
            1,
            cancellationToken
        );
        var (rows, takenBack, unordered) = (counts.LongAt(0), counts.LongAt(1), counts.LongAt(2));
        if (unordered > 0)
            throw new NodeFailedException(
                HistoryDiagnostics.NoSequence(model.Declaration, model.Name, plan.Sequence[0], unordered)
            );
        return new CdcRead(plan, hasChange, rows, takenBack)
        {
            Warnings =
                takenBack == 0
                    ? []
                    : [HistoryDiagnostics.TakenBack(model.Declaration, model.Name, takenBack)],
        };
    }

    /// <summary>
    /// The columns of events. Where names are the same whatever their case, one that what is remembered of earlier events spells in
    /// another way is spelled so: it would be taken for another one.
    /// </summary>
    private async Task<ImmutableArray<ColumnSchema>> DescribeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName place,
        bool follows,
        CancellationToken cancellationToken
    )
    {
        var columns = await statements.DescribeAsync(lease, on, model, place, cancellationToken);
        return follows && on.Dialect.FoldsCase && on.Find(CdcState.TableOf(model, on.Dialect)) is { } state
            ?
            [
                .. columns.Select(column =>
                    column with
                    {
                        Name = StageSpelling.Of(state, column.Name) ?? column.Name,
                    }
                ),
            ]
            : columns;
    }

    /// <summary>
    /// True for the rows of a cdc model's query that expectations are about: what a delete says of its row is of no
    /// importance. Null where that is all of them.
    /// </summary>
    public static string? Judged(SqlDialect dialect, ModelNode model, ImmutableArray<ColumnSchema> columns)
    {
        if (model.Config.Materialized != Materialization.Cdc)
            return null;
        var hasChange = columns.Any(column => column.Name == FeedTables.ChangeColumn);
        var plan = Plan(dialect, model, columns);
        return $"not ({CdcEvents.Deletes(plan)} or {CdcEvents.TakenBack(plan, hasChange)})";
    }

    private static CdcPlan Plan(SqlDialect dialect, ModelNode model, ImmutableArray<ColumnSchema> columns)
    {
        var config = model.Config;
        var key = Resolve("unique_key", config.UniqueKey);
        var sequence = Resolve("sequence_by", config.Cdc.SequenceBy);
        var except = Resolve("except_columns", config.Cdc.ExceptColumns);
        var output = columns
            .Where(column =>
                column.Name is not (FeedTables.ChangeColumn or FeedTables.BatchColumn)
                && (!except.Contains(column.Name) || key.Contains(column.Name))
            )
            .ToImmutableArray();
        var content = columns
            .Where(column => output.Contains(column) || sequence.Contains(column.Name))
            .ToImmutableArray();
        var only = Resolve("track_history_columns", config.Cdc.TrackHistoryColumns);
        var not = Resolve("track_history_except_columns", config.Cdc.TrackHistoryExceptColumns);
        var tracked = output
            .Select(column => column.Name)
            .Where(name =>
                only.IsEmpty
                    ? !key.Contains(name) && !sequence.Contains(name) && !not.Contains(name)
                    : only.Contains(name)
            )
            .ToImmutableArray();
        if (config.Cdc.ScdType == 2)
            RefuseTaken(
                model,
                output,
                config.History.ValidFrom,
                config.History.ValidTo,
                config.History.IsCurrent
            );
        return new CdcPlan(dialect, config, content, output, key, sequence, tracked);

        ImmutableArray<string> Resolve(string option, ImmutableArray<string> names) =>
            [.. names.Select(name => StageKeys.Resolve(model, option, name, columns))];
    }

    /// <summary>A column that a history adds must not be in the query.</summary>
    public static void RefuseTaken(
        ModelNode model,
        ImmutableArray<ColumnSchema> columns,
        params ReadOnlySpan<string> names
    )
    {
        foreach (var name in names)
        {
            if (columns.Has(name))
                throw new NodeFailedException(
                    HistoryDiagnostics.ColumnTaken(model.Declaration, model.Name, name)
                );
        }
    }
}
