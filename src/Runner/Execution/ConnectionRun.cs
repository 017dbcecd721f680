using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution;

/// <summary>One connection in one run: its sessions, its temporary names, what is on it by now.</summary>
internal sealed class ConnectionRun(IAdapter adapter, EngineSnapshot snapshot, string runId)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _stageSchemas = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> _schemas = new();
    private readonly ConcurrentDictionary<RelationName, bool> _siblings = new();
    private readonly ConcurrentDictionary<RelationName, RelationKind> _inMemory = new();
    private readonly ConcurrentDictionary<RelationName, RelationInfo?> _changed = new(
        adapter.Dialect.RelationNames
    );

    private readonly ConcurrentDictionary<string, FeedState?> _feeds = new();
    private readonly ConcurrentDictionary<(string, RelationName), OwnedRelation> _owned = new(
        new OwnedNames(adapter.Dialect)
    );

    private readonly ConcurrentDictionary<RelationName, string> _holders = new(adapter.Dialect.RelationNames);

    /// <summary>The writer's lock, where this run may write.</summary>
    public IStateLock? Lock { get; init; }

    public Failpoints Failpoints { get; init; } = Failpoints.None;

    public string Name => adapter.Connection;

    public IAdapter Adapter => adapter;

    public SqlDialect Dialect => adapter.Dialect;

    public AdapterCapabilities Capabilities => adapter.Capabilities;

    /// <summary>Of whom the state may hold rows by now.</summary>
    public KnownRows KnownRows { get; } = new(snapshot, adapter.Dialect);

    public StageNames Names { get; } = new(runId, adapter.Dialect);

    public SessionPool Sessions { get; } = new(adapter);

    /// <summary>
    /// Publishing is short, and one at a time: transactions of the same run then never wait for each other's
    /// locks, and batch ids follow the order of the commits.
    /// </summary>
    public SemaphoreSlim PublishGate { get; } = new(1, 1);

    /// <summary>The connection's history says that this run has begun.</summary>
    public bool IsRecorded { get; set; }

    public IEnumerable<string> StageSchemas => _stageSchemas.Keys;

    /// <summary>Stages beside what they were to replace, which have not been renamed into its place.</summary>
    public IEnumerable<RelationName> UnpublishedSiblings() =>
        _siblings.Where(pair => !pair.Value).Select(pair => pair.Key);

    /// <summary>Whether the schema exists as far as the run knows, so that it need not be made.</summary>
    private bool IsKnown(string schema) => snapshot.Relations.Keys.Any(relation => relation.Schema == schema);

    /// <summary>What is published under a name, this run's own publishes included.</summary>
    public RelationInfo? Find(RelationName name) =>
        _changed.TryGetValue(name, out var changed) ? changed : snapshot.Find(name);

    /// <summary>The relations that were there when the run began.</summary>
    public IEnumerable<RelationName> Known => snapshot.Relations.Keys;

    /// <summary>The change feed of a producer, as this run has left it.</summary>
    public FeedState? FeedOf(string producerId) =>
        _feeds.TryGetValue(producerId, out var feed) ? feed : snapshot.Feeds.GetValueOrDefault(producerId);

    /// <summary>Whether the state may hold a change feed of a producer, be it one that is not believed.</summary>
    public bool MayHoldFeed(string producerId) =>
        FeedOf(producerId) is not null || snapshot.Left.ContainsKey(producerId);

    /// <param name="columns">The columns of the feed's table; null where there is none.</param>
    public void SetFeed(
        string producerId,
        FeedState? feed,
        RelationName table,
        ImmutableArray<ColumnSchema>? columns
    )
    {
        _feeds[producerId] = feed;
        _changed[table] = columns is { } known ? new RelationInfo(table, RelationKind.Table, known) : null;
    }

    /// <summary>See <see cref="LandedColumns.OfBatch"/>; null where no batch has had any.</summary>
    public LandedColumns? CastColumnsOf(string model) => LandedColumnsOf(model, model);

    /// <summary>The columns of the files of a source, as a node has last taken one in.</summary>
    public LandedColumns? LandedColumnsOf(string consumer, string source) =>
        snapshot.LandedColumns.GetValueOrDefault((consumer, source));

    /// <summary>How far a consumer had read when the run began.</summary>
    public FeedPosition? PositionOf(string consumer, string upstream) =>
        snapshot.Consumed.GetValueOrDefault((consumer, upstream));

    /// <summary>The earliest position in a feed to which a rollback can bring a reader here back; null when there is none.</summary>
    public long? KeptPositionOf(string upstream) =>
        snapshot.KeptPositions.TryGetValue(upstream, out var position) ? position : null;

    public bool HasPositions(string consumer) =>
        snapshot.Consumed.Keys.Any(position => position.Consumer == consumer);

    /// <param name="stage">The stage that the relation was.</param>
    public void SetPublished(RelationInfo relation, RelationName stage)
    {
        _changed[relation.Name] = relation;
        _siblings.TryUpdate(stage, true, false);
    }

    /// <summary>What Strata has made under a name for a node, as far as the state remembers.</summary>
    public OwnedRelation? OwnedBy(string nodeId, RelationName relation) =>
        _owned.TryGetValue((nodeId, relation), out var owned)
            ? owned
            : snapshot.Owned.GetValueOrDefault((nodeId, relation));

    /// <summary>
    /// The definition of the view that is published under a name, where it is known: that of the node which was published last as it,
    /// and not what another one remembers of its own.
    /// </summary>
    public string? DefinitionOf(string nodeId, RelationName relation)
    {
        var holder = _holders.GetValueOrDefault(relation) ?? snapshot.Holders.GetValueOrDefault(relation);
        return OwnedBy(holder ?? nodeId, relation)?.Definition;
    }

    public void SetOwned(OwnedRelation owned)
    {
        _owned[(owned.Node, owned.Relation)] = owned;
        _holders[owned.Relation] = owned.Node;
    }

    /// <summary>Stages in the memory of this process: they are dropped as soon as they are published.</summary>
    public IEnumerable<RelationName> InMemory => _inMemory.Keys;

    public void AddInMemory(RelationName stage, RelationKind kind = RelationKind.Table)
    {
        if (stage.Catalog is not null)
            _inMemory[stage] = kind;
    }

    public async Task DropInMemoryAsync(ISession session, RelationName stage)
    {
        if (!_inMemory.TryGetValue(stage, out var kind))
            return;
        await session.ExecuteAsync(Ddl.DropIfThere(Dialect, stage, kind), CancellationToken.None);
        _inMemory.TryRemove(stage, out _);
    }

    public void AddSibling(RelationName name) => _siblings[name] = false;

    /// <summary>Makes the stage schema for a schema, once.</summary>
    public Task EnsureStageSchemaAsync(string schema, CancellationToken cancellationToken) =>
        EnsureSchemaAsync(Names.Schema(schema), isStage: true, cancellationToken);

    /// <summary>Makes a schema that stays, once.</summary>
    public Task EnsureSchemaAsync(string schema, CancellationToken cancellationToken) =>
        IsKnown(schema) ? Task.CompletedTask : EnsureSchemaAsync(schema, isStage: false, cancellationToken);

    /// <summary>Begins a transaction that only the holder of the lock can commit.</summary>
    public Task<ISessionTransaction> BeginAsync(ISession session, CancellationToken cancellationToken) =>
        FencedTransaction.BeginAsync(session, Lock, cancellationToken);

    /// <summary>
    /// Does work in a transaction of its own. A session on which anything of that went wrong is used for nothing else: nobody knows how
    /// it stands.
    /// </summary>
    /// <param name="isFenced">Whether only the holder of the lock can commit it.</param>
    public async Task InTransactionAsync(
        Func<ISession, Task> work,
        CancellationToken cancellationToken,
        bool isFenced = true
    )
    {
        await using var lease = await Sessions.RentAsync(cancellationToken);
        try
        {
            await using var transaction = isFenced
                ? await BeginAsync(lease.Session, cancellationToken)
                : await lease.Session.BeginAsync(cancellationToken);
            await work(lease.Session);
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            lease.IsBroken = true;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Sessions.DisposeAsync();
        PublishGate.Dispose();
    }

    /// <summary>Whoever comes while it is being made waits for that; whoever comes after that has failed tries again.</summary>
    private Task EnsureSchemaAsync(string schema, bool isStage, CancellationToken cancellationToken)
    {
        return (isStage ? _stageSchemas : _schemas)
            .AddOrUpdate(schema, Begin, (name, begun) => HasFailed(begun) ? Begin(name) : begun)
            .Value;

        Lazy<Task> Begin(string name) => new(() => CreateSchemaAsync(name, cancellationToken));

        static bool HasFailed(Lazy<Task> begun) =>
            begun is { IsValueCreated: true, Value: { IsCompleted: true, IsCompletedSuccessfully: false } };
    }

    private async Task CreateSchemaAsync(string schema, CancellationToken cancellationToken)
    {
        await using var lease = await Sessions.RentAsync(cancellationToken);
        await lease.Session.ExecuteAsync(Ddl.CreateSchema(Dialect, schema), cancellationToken);
    }
}
