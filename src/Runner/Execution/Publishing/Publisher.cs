using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine;
using Strata.Runner.Results;
using Strata.Runner.State;
using Strata.Runner.Statements;
using Strata.Runner.Versions;

namespace Strata.Runner.Execution.Publishing;

/// <summary>
/// Makes staged nodes of one connection what readers see: all of them, the ledger and the consumed files in one
/// transaction. Lock waits are bounded by the session; a transaction that met a lock is tried again.
/// </summary>
internal sealed class Publisher(RunContext context)
{
    private readonly FeedWriter _feeds = new(context);
    private readonly RowAccounts _accounts = new(context);
    private readonly VersionKeeper _keeper = new(context);
    private readonly PublishedStates _states = new(context);

    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <param name="nodes">Parents before children.</param>
    /// <returns>The row ledger by node id.</returns>
    /// <exception cref="NodeFailedException">Nothing was published.</exception>
    public async Task<ImmutableDictionary<string, RowCounts>> PublishAsync(
        ConnectionRun on,
        IReadOnlyList<StagedNode> nodes,
        CancellationToken cancellationToken
    )
    {
        await on.PublishGate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryPublishAsync(on, nodes, cancellationToken);
                }
                catch (EngineException e)
                    when (e.Error.Kind == EngineErrorKind.Conflict
                        && e.Error.IsTransient
                        && attempt < Attempts
                    )
                {
                    await Task.Delay(FirstPause * attempt * attempt, context.Clock, cancellationToken);
                }
                catch (OutdatedComparisonException)
                {
                    // none is compared any more, so this happens once
                    nodes = [.. nodes.Select(node => Uncompared(on, node))];
                }
            }
        }
        finally
        {
            on.PublishGate.Release();
        }
    }

    /// <summary>
    /// The node to be published without what a comparison has found. Nor do the changes that it has staged say all, where others have written to
    /// its table: who reads them starts over.
    /// </summary>
    private StagedNode Uncompared(ConnectionRun on, StagedNode node) =>
        node.Relation.Differences is null
            ? node
            : node with
            {
                Relation = node.Relation.Uncompared(on.Capabilities.RelationIdentityMatters),
                Feed = node.Feed is { } feed ? new StagedFeed(context.Plan.RunId, feed.BatchId, null) : null,
            };

    private async Task<ImmutableDictionary<string, RowCounts>> TryPublishAsync(
        ConnectionRun on,
        IReadOnlyList<StagedNode> nodes,
        CancellationToken cancellationToken
    )
    {
        nodes = [.. nodes.Select(node => PublishScripts.Meet(on, node))];
        ImmutableArray<(StagedNode Node, KeepPlan Plan)> planned =
        [
            .. nodes.Zip(
                PublishScripts.Of(on, nodes),
                (node, script) => (node, _keeper.Plan(on, node, script))
            ),
        ];
        await using var lease = await on.Sessions.RentAsync(
            nodes is [var only] ? only.Node.Id : null,
            cancellationToken
        );
        try
        {
            await using var transaction = await on.BeginAsync(lease.Session, cancellationToken);
            context.Failpoints.Hit(FailpointName.PublishBegun);
            var leadBack = await KeepBeforeAsync(lease, planned, cancellationToken);
            await DropBeforeAsync(lease, planned, cancellationToken);
            var versions = _states.Versions();
            var states = new List<NodeState>();
            var rows = ImmutableDictionary.CreateBuilder<string, RowCounts>();
            foreach (var (node, plan) in planned)
            {
                (long, int)? kept = leadBack.TryGetValue(node.Node.Id, out var written) ? written : null;
                var counts = await ChangeAsync(lease, on, node, plan, kept, cancellationToken);
                var state = _states.Next(node, plan.Script, counts, versions);
                versions.Set(state);
                states.Add(state);
                rows[node.Node.Id] = counts;
                context.Failpoints.Hit(FailpointName.PublishMidway);
            }
            foreach (var ((node, plan), state) in planned.Zip(states))
            {
                foreach (var sql in _keeper.Note(on, node, plan, state, rows[node.Node.Id]))
                    await lease.Session.ExecuteAsync(sql, cancellationToken);
            }
            foreach (var sql in _states.Write(on, nodes, states, rows, versions))
                await lease.Session.ExecuteAsync(sql, cancellationToken);
            context.Failpoints.Hit(FailpointName.PublishLedger);
            var feeds = nodes.Select(node => _feeds.Plan(on, node)).OfType<FeedChange>().ToList();
            foreach (var sql in feeds.SelectMany(feed => feed.Steps))
                await lease.Session.ExecuteAsync(sql, cancellationToken);
            context.Failpoints.Hit(FailpointName.PublishBeforeCommit);
            await transaction.CommitAsync(cancellationToken);
            context.Failpoints.Hit(FailpointName.PublishAfterCommit);
            SetPublished(on, nodes, states, feeds);
            await DropInMemoryAsync(on, lease.Session, nodes);
            return rows.ToImmutable();
        }
        catch
        {
            // rolled back by now; what a hook has set up is there only once
            lease.IsBroken = !lease.IsSetUp;
            throw;
        }
    }

    /// <summary>Reads and keeps what the transaction is about to change, while all of it is as it was.</summary>
    /// <returns>By node, the rows that were written down of those that change, where they are counted as they are written.</returns>
    private async Task<Dictionary<string, (long Rows, int PerUpdate)>> KeepBeforeAsync(
        SessionPool.Lease lease,
        ImmutableArray<(StagedNode Node, KeepPlan Plan)> planned,
        CancellationToken cancellationToken
    )
    {
        var leadBack = new Dictionary<string, (long Rows, int PerUpdate)>();
        foreach (var (node, plan) in planned)
        {
            await ExecuteAllAsync(lease, node, plan.Script.BeforeChanges, cancellationToken);
            foreach (var (place, sql) in plan.KeepBefore.Index())
            {
                var count = await ExecuteAsync(lease, node, new PublishStep(sql), cancellationToken);
                if (place == 0 && plan.RowsPerUpdate is { } perUpdate && count >= 0)
                    leadBack[node.Node.Id] = (count, perUpdate);
            }
        }
        return leadBack;
    }

    /// <summary>Drops what must make way; readers before what they read.</summary>
    private async Task DropBeforeAsync(
        SessionPool.Lease lease,
        ImmutableArray<(StagedNode Node, KeepPlan Plan)> planned,
        CancellationToken cancellationToken
    )
    {
        foreach (var (node, plan) in planned.Reverse())
            await ExecuteAllAsync(lease, node, plan.Script.DropBefore, cancellationToken);
    }

    /// <summary>Changes one node and all that belongs to it, and runs its <c>post_hook</c>s.</summary>
    private async Task<RowCounts> ChangeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        StagedNode node,
        KeepPlan plan,
        (long Rows, int PerUpdate)? kept,
        CancellationToken cancellationToken
    )
    {
        using var scope = StatementScope.EnterNode(node.Node.Id);
        var counts = await ApplyAsync(lease, on, node, plan.Script, kept, cancellationToken);
        await ExecuteAllAsync(lease, node, QuarantineSteps(on, node), cancellationToken);
        foreach (var step in node.StateSteps)
            await ExecuteAsync(lease, node, step, cancellationToken);
        await ExecuteAllAsync(lease, node, plan.KeepAfter, cancellationToken);
        lease.IsAltered |= !node.PostHooks.IsEmpty;
        foreach (var (place, hook) in node.PostHooks.Index())
            await ExecuteAsync(
                lease,
                node,
                new PublishStep(hook),
                cancellationToken,
                new ModelStatement(hook)
                {
                    Subject = NodeStatements.HookSubject("post_hook", place, node.Node.Name),
                    Place = NodeStatements.PlaceOf(
                        context.Manifest.Find<ModelNode>(node.Node.Id)?.Config.PostHookPlaces ?? [],
                        place
                    ),
                }
            );
        return counts;
    }

    /// <summary>What is committed is what the rest of the run goes by.</summary>
    private void SetPublished(
        ConnectionRun on,
        IReadOnlyList<StagedNode> nodes,
        List<NodeState> states,
        List<FeedChange> feeds
    )
    {
        foreach (var state in states)
        {
            context.Versions.Set(state);
            context.Published[state.NodeId] = state;
        }
        foreach (var node in nodes)
        {
            SetPublished(on, node);
            on.SetOwned(_keeper.Owned(on, node));
        }
        foreach (var feed in feeds)
            on.SetFeed(feed.Producer, feed.State, feed.Table, feed.Columns);
    }

    private static async Task DropInMemoryAsync(
        ConnectionRun on,
        ISession session,
        IReadOnlyList<StagedNode> nodes
    )
    {
        try
        {
            foreach (var node in nodes)
            {
                await on.DropInMemoryAsync(session, node.Relation.Physical);
                if (node.Feed?.Changes is { } changes)
                    await on.DropInMemoryAsync(session, changes);
                if (node.Batch?.Merged is { } merged)
                    await on.DropInMemoryAsync(session, merged.Before);
            }
        }
        catch (EngineException)
        {
            // what is published is published: the end of the run tries again, and says so if it cannot
        }
    }

    private static ImmutableArray<string> QuarantineSteps(ConnectionRun on, StagedNode node) =>
        node.Quarantine is { } quarantine
            ? QuarantineWriter.Write(
                on.Dialect,
                quarantine,
                node.Relation,
                node.Batch,
                on.Capabilities.HashesNullSafeEquality
            )
            : [];

    private async Task<RowCounts> ApplyAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        StagedNode node,
        PublishScript script,
        (long Rows, int PerUpdate)? kept,
        CancellationToken cancellationToken
    )
    {
        var before = await _accounts.CountBeforeAsync(lease, on, node, script, cancellationToken);
        var effects = new Dictionary<RowEffect, long>();
        foreach (var step in script.Steps)
        {
            var count = Math.Max(0, await ExecuteAsync(lease, node, step, cancellationToken));
            if (step.Effect == RowEffect.Written)
                Add(RowEffect.Inserted, count - effects.GetValueOrDefault(RowEffect.Updated));
            else
                Add(step.Effect, count);
        }
        if (node.IsView)
            return new RowCounts();
        RowAccounts.RefuseOutdated(node, effects);
        var counts = await _accounts.CloseAsync(
            lease,
            on,
            node,
            script,
            before,
            effects,
            kept,
            cancellationToken
        );
        return counts with { Replayed = node.Quarantine?.Reentered, Dropped = node.Quarantine?.Dropped };

        void Add(RowEffect effect, long count) => effects[effect] = effects.GetValueOrDefault(effect) + count;
    }

    private async Task ExecuteAllAsync(
        SessionPool.Lease lease,
        StagedNode node,
        ImmutableArray<string> statements,
        CancellationToken cancellationToken
    )
    {
        foreach (var sql in statements)
            await ExecuteAsync(lease, node, new PublishStep(sql), cancellationToken);
    }

    private async Task<long> ExecuteAsync(
        SessionPool.Lease lease,
        StagedNode node,
        PublishStep step,
        CancellationToken cancellationToken,
        ModelStatement? hook = null
    )
    {
        using var scope = StatementScope.EnterNode(node.Node.Id);
        try
        {
            return await lease.Session.ExecuteAsync(step.Sql, cancellationToken);
        }
        catch (EngineException e) when (e.Error.Kind != EngineErrorKind.Conflict)
        {
            throw new NodeFailedException(Explain(e.Error, node, hook)) { NodeId = node.Node.Id };
        }
    }

    /// <param name="hook">The statement of the project that was refused; null for the publishing itself.</param>
    private Diagnostic Explain(EngineError error, StagedNode node, ModelStatement? hook)
    {
        var engine = context.Connections[node.Node.Connection].Dialect.Name;
        if (hook is { Subject: { } subject, Place: { } written })
            return NodeStatements.ExplainHook(error, engine, subject, written, hook.Text);
        var about = (Node?)context.Manifest.Find<RelationNode>(node.Node.TransferredNode ?? node.Node.Id);
        var span = about?.Declaration;
        if (hook is null && error.Kind == EngineErrorKind.Dependents && span is { } place)
        {
            return BuildDiagnostics.HeldByDependents(
                place,
                node.Node.Name,
                node.Relation.Published.ToString(),
                error.Message,
                about is SourceNode source
                    ? $"source:{source.SourceName}.{source.Name}"
                    : about?.Name ?? node.Node.Name
            );
        }
        if (
            hook is null
            && error.Kind == EngineErrorKind.Data
            && about is RelationNode relation
            && TypeRemedy.Hint(relation, node) is { } hint
        )
            error = error with { Hint = hint };
        return error.ToDiagnostic(engine, hook?.Subject ?? $"the publishing of '{node.Node.Name}'", span);
    }

    private static void SetPublished(ConnectionRun on, StagedNode node)
    {
        on.SetPublished(
            new RelationInfo(
                node.Relation.Published,
                node.IsView ? RelationKind.View : RelationKind.Table,
                node.Columns
            ),
            node.Relation.Physical
        );
        foreach (var relation in node.StateRelations)
            on.SetPublished(relation, relation.Name);
        if (node.Quarantine is { Exists: false, Diverted: not null } begun)
        {
            var table = new RelationInfo(
                begun.Table,
                RelationKind.Table,
                [.. begun.Shape, .. QuarantineTable.OwnColumns(on.Dialect)]
            );
            on.SetPublished(table, table.Name);
        }
    }
}
