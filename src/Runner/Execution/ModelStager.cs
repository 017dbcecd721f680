using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Execution;

/// <summary>Brings a model's rows into the stage: a whole table, a batch with its overlay, or a view.</summary>
internal sealed class ModelStager(RunContext context, RelationBinder binder, NodeStatements statements)
{
    private readonly RunTimeQuestions _questions = new(context, binder, statements);

    private const int DuplicateSamples = 5;

    public async Task<StagedNode> StageAsync(
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[model.Connection];
        await on.EnsureSchemaAsync(model.Relation.Schema, cancellationToken);
        await on.EnsureStageSchemaAsync(model.Relation.Schema, cancellationToken);
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (var hook in model.Config.PreHooks)
            await statements.RunAsync(lease, model, new ModelStatement(hook), cancellationToken);
        model = await _questions.SettleAsync(
            lease,
            model,
            planned.Action == PlannedAction.Incremental,
            cancellationToken
        );
        var staged = planned.Action switch
        {
            PlannedAction.View => await StageViewAsync(lease, on, planned, model, cancellationToken),
            PlannedAction.Full => await StageTableAsync(lease, on, planned, model, cancellationToken),
            PlannedAction.Incremental => await StageBatchAsync(lease, on, planned, model, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(planned)),
        };
        return staged with { PostHooks = model.Config.PostHooks };
    }

    private async Task<StagedNode> StageViewAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var files = await FilesAsync(model, incremental: false, cancellationToken);
        var postImage = on.Names.PostImage(model.Relation);
        var body = binder.Bind(model.Full, model.Connection, files.Batch);
        await statements.RunAsync(
            lease,
            model,
            StageScripts.ViewAs(on.Dialect, postImage, body),
            cancellationToken
        );
        var columns = await DescribeAsync(lease, on, model, postImage, cancellationToken);
        return new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = Relation(on, model, postImage, postImage) with { Columns = columns },
            ViewBody = binder.BindPublished(model.Full, model.Connection, files.Batch),
            Diagnostics = files.Warnings,
        };
    }

    private async Task<StagedNode> StageTableAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var files = await FilesAsync(model, incremental: false, cancellationToken);
        var place = StageScripts.TablePlace(on.Names, on.Capabilities, model.Relation);
        var postImage = on.Names.PostImage(model.Relation);
        if (place != postImage)
            on.AddSibling(place);
        var body = binder.Bind(model.Full, model.Connection, files.Batch);
        var statement = StageScripts.TableAs(on.Dialect, on.Capabilities, place, body);
        await statements.RunAsync(lease, model, statement, cancellationToken);
        var relation = Relation(on, model, place, postImage) with
        {
            Columns = await DescribeAsync(lease, on, model, place, cancellationToken),
        };
        var (counted, mergedAway) = await CheckKeysAsync(lease, on, model, relation, cancellationToken);
        if (place != postImage)
        {
            var alias = new ModelStatement(StageScripts.Alias(on.Dialect, postImage, place));
            await statements.RunAsync(lease, model, alias, cancellationToken);
        }
        return new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = counted,
            MergedAway = mergedAway,
            Files = files.Records,
            Diagnostics = files.Warnings,
        };
    }

    private async Task<StagedNode> StageBatchAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        var sql = model.Incremental ?? model.Full;
        var target =
            on.Find(model.Relation)
            ?? throw new InvalidOperationException($"'{model.Name}' has no relation to add a batch to");
        var files = await FilesAsync(model, incremental: true, cancellationToken);
        var place = on.Names.Batch(model.Relation);
        var body = binder.Bind(sql, model.Connection, files.Batch);
        var statement = StageScripts.TableAs(on.Dialect, on.Capabilities, place, body);
        await statements.RunAsync(lease, model, statement, cancellationToken);
        var relation = Relation(on, model, place, on.Names.PostImage(model.Relation)) with
        {
            Columns = await DescribeAsync(lease, on, model, place, cancellationToken),
        };
        var (counted, mergedAway) = await CheckKeysAsync(lease, on, model, relation, cancellationToken);
        var batch = Enter(on, model, target, counted);
        var overlay = new ModelStatement(Overlay.CreateView(on.Dialect, batch));
        await statements.RunAsync(lease, model, overlay, cancellationToken);
        return new StagedNode
        {
            Node = planned,
            Fingerprint = model.Fingerprint,
            Relation = counted,
            Batch = batch,
            MergedAway = mergedAway,
            Files = files.Records,
            Diagnostics = files.Warnings,
        };
    }

    private static IncrementalBatch Enter(
        ConnectionRun on,
        ModelNode model,
        RelationInfo target,
        StagedRelation staged
    )
    {
        var strategy = IncrementalBatch.StrategyOf(model.Config);
        if (strategy == IncrementalStrategy.InsertOverwrite && model.Config.PartitionBy.IsEmpty)
            throw new NodeFailedException(Lacks("partition_by"));
        if (strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert && staged.Key.IsEmpty)
            throw new NodeFailedException(Lacks("unique_key"));
        if (strategy == IncrementalStrategy.Microbatch)
        {
            throw new NodeFailedException(
                StateDiagnostics.StrategyUnsupported(
                    model.Declaration,
                    model.Name,
                    IncrementalWriter.Words(strategy)
                )
            );
        }
        var (columns, refused) = ColumnPlan.Create(
            target.Columns,
            staged.Columns,
            model.Config.OnSchemaChange
        );
        if (!refused.IsEmpty)
        {
            var mode = model.Config.OnSchemaChange switch
            {
                OnSchemaChange.Fail => "fail",
                OnSchemaChange.Ignore => "ignore",
                var other => other.ToString(),
            };
            throw new NodeFailedException(
                StateDiagnostics.SchemaChanged(model.Declaration, model.Name, mode, refused)
            );
        }
        var match = new KeyMatch(
            on.Dialect,
            staged.Key,
            on.Capabilities.HashesNullSafeEquality,
            staged.NullKeyRows,
            model.Config.IncrementalPredicates
        );
        return new IncrementalBatch(staged, columns, strategy, match, model.Config);

        Diagnostic Lacks(string option) =>
            StateDiagnostics.StrategyLacks(
                model.Declaration,
                model.Name,
                IncrementalWriter.Words(strategy),
                option
            );
    }

    /// <summary>Counts the stage, settles rows that compete for a key, and refuses those that nothing settles.</summary>
    private async Task<(StagedRelation Staged, long? MergedAway)> CheckKeysAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        var key = ResolveKey(model, staged.Columns);
        long? mergedAway = null;
        if (!key.IsEmpty && model.Config.SequenceBy is { } sequence)
        {
            var column = Resolve(model, "sequence_by", sequence, staged.Columns);
            var keep = StageScripts.KeepLatest(
                on.Dialect,
                staged.Physical,
                key,
                on.Dialect.QuoteIdentifier(column),
                staged.Columns
            );
            mergedAway = await statements.RunAsync(lease, model, new ModelStatement(keep), cancellationToken);
        }
        var counts = await statements.QueryAsync(
            lease,
            model,
            StageScripts.CountRows(on.Dialect, staged.Physical, key),
            1,
            cancellationToken
        );
        staged = staged with
        {
            Key = key,
            Rows = Convert.ToInt64(counts.Rows[0][0], CultureInfo.InvariantCulture),
            NullKeyRows = Convert.ToInt64(counts.Rows[0][1], CultureInfo.InvariantCulture),
        };
        if (mergedAway is null && MustBeUnique(model, on))
            await RefuseDuplicatesAsync(lease, on, model, staged, cancellationToken);
        return (staged, mergedAway);
    }

    private static bool MustBeUnique(ModelNode model, ConnectionRun on) =>
        !model.Config.UniqueKey.IsEmpty
        && (
            model.Config.Materialized == Materialization.Incremental
                ? IncrementalBatch.NeedsUniqueKeys(model.Config)
                : on.Capabilities.RelationIdentityMatters
        );

    private async Task RefuseDuplicatesAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        var sql = StageScripts.DuplicateKeys(on.Dialect, staged.Physical, staged.Key, DuplicateSamples);
        var rows = await statements.QueryAsync(lease, model, sql, DuplicateSamples, cancellationToken);
        if (rows.Rows.IsEmpty)
            return;
        var samples = rows.Rows.Select(row =>
            string.Join(", ", staged.Key.Select((name, i) => $"{name} = {row[i] ?? "null"}"))
            + $" ({row[^1]} rows)"
        );
        throw new NodeFailedException(
            StateDiagnostics.DuplicateKeys(model.Declaration, model.Name, staged.Key, samples)
        );
    }

    private static ImmutableArray<string> ResolveKey(ModelNode model, ImmutableArray<ColumnSchema> columns) =>
        [.. model.Config.UniqueKey.Select(name => Resolve(model, "unique_key", name, columns))];

    /// <summary>The column that a name in the configuration means: as it is written, else whatever its case.</summary>
    private static string Resolve(
        ModelNode model,
        string option,
        string name,
        ImmutableArray<ColumnSchema> columns
    ) =>
        columns.FirstOrDefault(column => column.Name == name)?.Name
        ?? columns
            .FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?.Name
        ?? throw new NodeFailedException(
            StateDiagnostics.UnknownColumn(
                model.Declaration,
                model.Name,
                option,
                name,
                [.. columns.Select(column => column.Name)]
            )
        );

    private Task<ImmutableArray<ColumnSchema>> DescribeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationName relation,
        CancellationToken cancellationToken
    ) =>
        statements.DescribeAsync(
            lease,
            model,
            $"select * from {on.Dialect.Quote(relation)}",
            cancellationToken
        );

    private StagedRelation Relation(
        ConnectionRun on,
        ModelNode model,
        RelationName physical,
        RelationName postImage
    ) =>
        new()
        {
            Published = model.Relation,
            Existing = on.Find(model.Relation),
            Physical = physical,
            PostImage = postImage,
            IndexKey = model.Config.Materialized == Materialization.Incremental,
            Volatile = StagedNode.VolatileOf(model),
            SameDefinition = context.States.StateOf(model.UniqueId)?.Fingerprint == model.Fingerprint,
        };

    /// <summary>The landed files that the model reads: those it has not taken in, or all.</summary>
    private async Task<(
        FileBatch? Batch,
        ImmutableArray<ConsumedFile> Records,
        ImmutableArray<Diagnostic> Warnings
    )> FilesAsync(ModelNode model, bool incremental, CancellationToken cancellationToken)
    {
        var sources = context
            .Graph.InputsOf(model)
            .Select(id => context.Manifest.Find<SourceNode>(id))
            .OfType<SourceNode>()
            .Where(source => source.Files is not null)
            .ToImmutableArray();
        if (sources.IsEmpty)
            return (null, [], []);
        var batchId = (context.States.StateOf(model.UniqueId)?.BatchId ?? 0) + 1;
        var problems = new DiagnosticBag();
        var records = ImmutableArray.CreateBuilder<ConsumedFile>();
        var landed = ImmutableDictionary.CreateBuilder<string, LandingZone>();
        foreach (var source in sources)
        {
            var zone = context.States.Landed[source.UniqueId];
            if (zone.Files.IsEmpty && source.Files is { } config)
                problems.Add(
                    StateDiagnostics.EmptyLanding(
                        source.Declaration,
                        $"{source.SourceName}.{source.Name}",
                        config.Path
                    )
                );
            var known = incremental
                ? FileSelection.Consumed(context.States, model, source).ToDictionary(file => file.Path)
                : [];
            var (fresh, taken) = await FileIntake.ExamineAsync(
                zone,
                model,
                known,
                batchId,
                problems,
                cancellationToken
            );
            records.AddRange(taken);
            landed[source.UniqueId] = zone with { Files = fresh };
        }
        var found = problems.ToSorted();
        if (problems.HasErrors)
            throw new NodeFailedException(found);
        return (new FileBatch(batchId, landed.ToImmutable()), records.ToImmutable(), found);
    }
}
