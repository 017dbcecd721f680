using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;

namespace Strata.Runner.Execution.Auditing;

/// <summary>What tests read in a run: the post-image of a staged node, or its batch alone, else the published relation.</summary>
internal sealed class AuditedRelations(RunContext context, RelationBinder binder)
{
    /// <summary>What tests know of earlier runs, once somebody has fetched it.</summary>
    public TestMemories Memories { get; } = new(context);

    /// <param name="files">What is read instead of landed files; null for the engine's own reader.</param>
    public CheckRequest Request(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        bool passedBefore,
        FileBatch? files = null
    ) =>
        new()
        {
            Tests = tests,
            Dialect = on.Dialect,
            FusedChecksAreCheaper = on.Capabilities.FusedChecksAreCheaper,
            Now = context.Plan.StartedAt,
            Resolve = id => Resolve(on, id, staged: true, files),
            Place = id => Place(id, staged: true),
            Batches = Batches(on, tests, passedBefore),
            AddsUpBatches = tests.Any(test =>
                test.AttachedNode is { } id
                && context.Manifest.Find<ModelNode>(id) is { Config.Microbatch: not null }
            ),
            Memories = Memories.Known,
        };

    /// <summary>The tests with other rows in place of a node: those of a stage before anything is done with it.</summary>
    public CheckRequest RequestOver(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        RowsInstead instead,
        FileBatch? files = null
    ) =>
        Request(on, tests, passedBefore: false) with
        {
            Resolve = id => id == instead.NodeId ? instead.Rows : Resolve(on, id, staged: true, files),
            ResolveOther = id =>
                id == instead.NodeId ? instead.LookedUp : Resolve(on, id, staged: true, files),
            Batches = ImmutableDictionary<string, CheckBatch>.Empty,
        };

    /// <summary>The same tests over what is published, whatever is staged: what a person can run afterwards.</summary>
    public CheckRequest PublishedRequest(ConnectionRun on, TestNode test) =>
        Request(on, [test], passedBefore: false) with
        {
            Resolve = id => Resolve(on, id, staged: false),
            Place = id => Place(id, staged: false),
            Batches = ImmutableDictionary<string, CheckBatch>.Empty,
        };

    /// <summary>
    /// The tests over what is published, with what a run that adds a batch would decide: as far as the configuration
    /// alone says it.
    /// </summary>
    public CheckRequest ExplainedRequest(ConnectionRun on, ImmutableArray<TestNode> tests) =>
        Request(on, tests, passedBefore: false, FilesToShow(on, tests)) with
        {
            Batches = tests
                .SelectMany(Inputs)
                .OfType<ModelNode>()
                .Where(model => model.Config.Materialized == Materialization.Incremental)
                .DistinctBy(model => model.UniqueId)
                .ToImmutableDictionary(
                    model => model.UniqueId,
                    model => new CheckBatch(
                        Resolve(on, model.UniqueId, staged: false),
                        BatchScope.WhyNever(model.Config, !StagedNode.VolatileOf(model).IsEmpty)
                    )
                ),
        };

    /// <summary>What stands for landed files that the engine alone cannot read, where nothing is run.</summary>
    private FileBatch FilesToShow(ConnectionRun on, ImmutableArray<TestNode> tests) =>
        new(
            0,
            ReadBy(tests)
                .Distinct()
                .Select(context.Manifest.Find<SourceNode>)
                .OfType<SourceNode>()
                .Where(source => source.Files is { } config && FilesQuery.FindUnsupported(config) is not null)
                .ToImmutableDictionary(
                    source => source.UniqueId,
                    source => $"select * from {on.Dialect.QuoteString(source.Files?.Path ?? "")}"
                )
        );

    /// <summary>The relations that tests read: those that they name, and of ephemeral models those that these read.</summary>
    public IEnumerable<string> ReadBy(IEnumerable<TestNode> tests) =>
        tests
            .SelectMany(Inputs)
            .SelectMany(node =>
                node is ModelNode { Config.Materialized: Materialization.Ephemeral } ephemeral
                    ? ephemeral.Full.Reads.Select(reference => reference.NodeId)
                    : [node.UniqueId]
            );

    /// <summary>Whether a test looks at rows that readers do not see yet.</summary>
    public bool ReadsStage(ConnectionRun on, TestNode test) =>
        Inputs(test)
            .Any(node =>
                context.Staged.ContainsKey(test.ReadsInPlace ? node.UniqueId : binder.IdOn(on.Name, node))
            );

    /// <summary>The columns of all that a test reads, as far as they are known.</summary>
    public ImmutableHashSet<string> ColumnsOf(ConnectionRun on, TestNode test) =>
        Inputs(test)
            .Where(node => node is not SourceNode { Files: not null } || node.Connection != on.Name)
            .SelectMany(node => Resolve(on, node.UniqueId, staged: true).Columns ?? [])
            .Select(column => column.Name)
            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    private IEnumerable<RelationNode> Inputs(TestNode test) =>
        test
            .DependsOn.Append(test.AttachedNode)
            .OfType<string>()
            .Distinct()
            .Select(context.Manifest.Find<RelationNode>)
            .OfType<RelationNode>();

    private ImmutableDictionary<string, CheckBatch> Batches(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        bool passedBefore
    )
    {
        var batches = ImmutableDictionary.CreateBuilder<string, CheckBatch>();
        foreach (var id in tests.SelectMany(Inputs).Select(node => node.UniqueId).Distinct())
        {
            if (context.Staged.GetValueOrDefault(id) is not { Batch: { } batch } staged)
                continue;
            var rows = Relation(
                on,
                staged.Relation.Physical,
                staged.Relation.Published.Name,
                staged.Relation.Columns,
                true
            );
            batches[id] = new CheckBatch(
                rows,
                passedBefore
                    ? BatchScope.WhyNot(batch)
                    : "it has not passed without a failure on what is published"
            );
        }
        return batches.ToImmutable();
    }

    private PlacedRelation Place(string nodeId, bool staged)
    {
        var node =
            context.Manifest.Find<RelationNode>(nodeId)
            ?? throw new InvalidOperationException($"a test reads '{nodeId}', which is no relation");
        var on = context.Connections[node.Connection];
        return new PlacedRelation(
            Resolve(on, nodeId, staged),
            on.Dialect,
            $"{node.Relation} on {node.Connection}"
        )
        {
            Published = staged ? Resolve(on, nodeId, staged: false).Sql : null,
        };
    }

    private CheckRelation Resolve(ConnectionRun on, string nodeId, bool staged, FileBatch? files = null)
    {
        var node =
            context.Manifest.Find<RelationNode>(nodeId)
            ?? throw new InvalidOperationException($"a test reads '{nodeId}', which is no relation");
        return Resolve(on, node, staged, files) with
        {
            Declared = [.. node.Columns.Select(column => new CheckColumn(column.Name, column.DataType))],
        };
    }

    private CheckRelation Resolve(ConnectionRun on, RelationNode node, bool staged, FileBatch? files)
    {
        if (node is SourceNode { Files: { } config } source && node.Connection == on.Name)
            return new CheckRelation(
                binder.FilesOf(
                    source,
                    config,
                    files,
                    InPlaceFiles.OnlyGoodIfSetAside(config) == BadContent.IsPassed
                ),
                node.Relation.Name,
                null
            )
            {
                IsStored = false,
                Added = SourceMarks.Names,
            };
        if (node is ModelNode { Config.Materialized: Materialization.Ephemeral } ephemeral)
        {
            var query = staged
                ? binder.Bind(ephemeral.Full, on.Name, new ReadScope(files))
                : binder.BindPublished(ephemeral.Full, on.Name);
            return new CheckRelation($"(\n{query.Text}\n)", node.Relation.Name, null) { IsStored = false };
        }
        var id = binder.IdOn(on.Name, node);
        var published = context.Graph.FindTransfer(id)?.Replica ?? node.Relation;
        if (context.Staged.GetValueOrDefault(id) is { } stage)
        {
            var columns = stage.Columns;
            var isTable = stage.Batch is null && !stage.IsView;
            var read = staged ? stage.Relation.PostImage : published;
            return Relation(on, read, node.Relation.Name, columns, isTable);
        }
        var known = on.Find(published);
        return Relation(
            on,
            published,
            node.Relation.Name,
            known?.Columns ?? [],
            known?.Kind != RelationKind.View
        );
    }

    private static CheckRelation Relation(
        ConnectionRun on,
        RelationName relation,
        string name,
        ImmutableArray<ColumnSchema> columns,
        bool isStored
    ) =>
        new(
            on.Dialect.Quote(relation),
            name,
            columns.IsEmpty ? null : [.. columns.Select(column => new CheckColumn(column.Name, column.Type))]
        )
        {
            IsStored = isStored,
        };
}
