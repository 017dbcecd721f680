using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Events;
using Strata.Runner.Execution.Publishing;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Scheduling;

namespace Strata.Runner.Execution;

/// <summary>Executes a plan: decides what a node's failure means for others, and tells what happens.</summary>
internal sealed class RunLoop
{
    private const string GroupPrefix = "group:";
    private const string Failure = "a failure of strata itself";

    private readonly RunContext _context;
    private readonly CancellationToken _cancelled;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentDictionary<string, NodeResult> _results = new();
    private readonly Dictionary<string, PlannedNode> _nodes;
    private readonly ILookup<string, PlannedNode> _groups;
    private readonly ILookup<string, string> _children;
    private readonly NodeRunner _nodeRunner;
    private readonly GroupRunner _groupRunner;
    private string? _failFastBecause;

    private RunLoop(RunContext context, CancellationTokenSource stop, CancellationToken cancelled)
    {
        _context = context;
        _cancelled = cancelled;
        _stop = stop;
        _nodes = context.Plan.Nodes.ToDictionary(node => node.Id);
        _groups = context
            .Plan.Nodes.Where(node => node.PublishGroup is not null)
            .ToLookup(node => node.PublishGroup ?? "");
        _children = context
            .Plan.Nodes.SelectMany(node => node.DependsOn.Select(parent => (parent, node.Id)))
            .ToLookup(pair => pair.parent, pair => pair.Id);
        var publisher = new Publisher(context);
        _nodeRunner = new NodeRunner(context, publisher);
        _groupRunner = new GroupRunner(context, publisher);
    }

    /// <returns>One result for each planned node, in the plan's order.</returns>
    public static async Task<ImmutableArray<NodeResult>> RunAsync(
        RunContext context,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loop = new RunLoop(context, stop, cancellationToken);
        var scheduler = new DagScheduler(
            context.Request.Threads,
            connection => context.Connections[connection].Adapter.MaxConcurrency
        );
        try
        {
            await scheduler.RunAsync(loop.Items(), loop.RunItemAsync);
        }
        // nodes and groups answer for themselves: this is about what lies between them
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            context.Problems.Add(InternalDiagnostics.Unexpected(e.InnerException ?? e));
        }
        return [.. context.Plan.Nodes.Select(loop.ResultOf)];
    }

    /// <summary>How a node has ended, also where the run did not get to it.</summary>
    private NodeResult ResultOf(PlannedNode node) =>
        _results.TryGetValue(node.Id, out var result)
            ? IsWaiting(result)
                ? result with
                {
                    Outcome = Outcome.HeldBack,
                    Because = Failure,
                }
                : result
            : new NodeResult
            {
                Node = node,
                Outcome = Outcome.Skipped,
                Because = Failure,
            };

    /// <summary>Says of what was to be done that it was not tried.</summary>
    /// <returns>One result for each planned node, in the plan's order.</returns>
    public static ImmutableArray<NodeResult> Untried(RunContext context, Outcome outcome, string? because)
    {
        ImmutableArray<NodeResult> results =
        [
            .. context.Plan.Nodes.Select(node =>
                node.Action == PlannedAction.None
                    ? new NodeResult { Node = node, Outcome = Outcome.Fresh }
                    : new NodeResult
                    {
                        Node = node,
                        Outcome = outcome,
                        Because = because,
                    }
            ),
        ];
        foreach (var result in results)
            context.Events.Raise(new NodeFinished(context.Now, result));
        return results;
    }

    /// <summary>Nodes, and for each group its publishing; dependencies first.</summary>
    private ImmutableArray<WorkItem> Items()
    {
        var items = new Dictionary<string, WorkItem>();
        foreach (var node in _context.Plan.Nodes)
        {
            ImmutableArray<string> after =
            [
                .. node.DependsOn.Select(parent => EndOf(_nodes[parent], node)).Distinct(),
            ];
            var expected = _context.States.StateOf(node.Id)?.Duration ?? TimeSpan.Zero;
            // what is known to be fresh, or is done elsewhere, has nothing to wait its turn for
            var connection = node.Action is PlannedAction.None or PlannedAction.UnitTest
                ? null
                : node.Connection;
            items[node.Id] = new WorkItem(node.Id, connection, after, expected);
        }
        foreach (var group in _groups)
        {
            var id = GroupPrefix + group.Key;
            items[id] = new WorkItem(id, null, [.. group.Select(node => node.Id)], TimeSpan.Zero);
        }
        var sorted = Compiler.Graph.Dag<string>.Create([.. items.Keys], id => items[id].DependsOn);
        if (sorted.Graph is null)
            throw new InvalidOperationException($"the plan has a cycle: {string.Join(", ", sorted.Cycle)}");
        return [.. sorted.Graph.Sorted.Select(id => items[id])];
    }

    /// <summary>The item whose end makes a parent's rows readable: within a group its stage, outside its publishing.</summary>
    private static string EndOf(PlannedNode parent, PlannedNode reader) =>
        parent.PublishGroup is { } group && group != reader.PublishGroup ? GroupPrefix + group : parent.Id;

    private async Task RunItemAsync(WorkItem item)
    {
        if (item.Id.StartsWith(GroupPrefix, StringComparison.Ordinal) && !_nodes.ContainsKey(item.Id))
        {
            var group = item.Id[GroupPrefix.Length..];
            ImmutableArray<NodeResult> members = [.. _groups[group].Select(node => _results[node.Id])];
            var waiting = members.Where(IsWaiting).Select(member => member.Node.Id).ToHashSet();
            foreach (var result in await _groupRunner.RunAsync(group, members, _stop.Token))
            {
                if (!waiting.Contains(result.Node.Id))
                    continue;
                Finish(result);
                await StopIfFailedAsync(result);
            }
            return;
        }
        var planned = _nodes[item.Id];
        var ended = Blocked(planned) ?? await _nodeRunner.RunAsync(planned, _stop.Token);
        if (ended.Outcome is Outcome.Failed or Outcome.PartialSuccess)
            ended = CountSkipped(ended);
        _results[planned.Id] = ended;
        if (IsWaiting(ended))
            _context.Events.Raise(new NodeStaged(_context.Now, ended));
        else
            Finish(ended);
        await StopIfFailedAsync(ended);
    }

    private async Task StopIfFailedAsync(NodeResult ended)
    {
        if (ended.Outcome is not (Outcome.Failed or Outcome.PartialSuccess) || !_context.Request.FailFast)
            return;
        _failFastBecause ??= ended.Node.Name;
        await _stop.CancelAsync();
    }

    private bool IsWaiting(NodeResult result) =>
        result.Node.PublishGroup is not null && _context.Staged.ContainsKey(result.Node.Id);

    /// <summary>Why a node is not even tried.</summary>
    private NodeResult? Blocked(PlannedNode node)
    {
        foreach (var parent in node.DependsOn.Select(id => _results[id]))
        {
            if (
                parent.Outcome
                is Outcome.Failed
                    or Outcome.PartialSuccess
                    or Outcome.Skipped
                    or Outcome.HeldBack
            )
                return Not(Outcome.Skipped, parent.Because ?? parent.Node.Name);
        }
        if (_cancelled.IsCancellationRequested)
            return Not(Outcome.Cancelled, null);
        if (_stop.IsCancellationRequested)
            return Not(Outcome.Skipped, _failFastBecause);
        return node.DependsOn.Any(id => _results[id].Outcome == Outcome.Cancelled)
            ? Not(Outcome.Cancelled, null)
            : null;

        NodeResult Not(Outcome outcome, string? because) =>
            new()
            {
                Node = node,
                Outcome = outcome,
                Because = because,
            };
    }

    private void Finish(NodeResult result)
    {
        _results[result.Node.Id] = result;
        _context.Events.Raise(new NodeFinished(_context.Now, result));
    }

    /// <summary>An error says how much hangs on it.</summary>
    private NodeResult CountSkipped(NodeResult failed)
    {
        var below = new HashSet<string>();
        var pending = new Stack<string>([failed.Node.Id]);
        while (pending.TryPop(out var id))
        {
            foreach (var child in _children[id])
            {
                if (below.Add(child))
                    pending.Push(child);
            }
        }
        var models = below.Count(id => _nodes[id].Kind is PlannedKind.Model or PlannedKind.Snapshot);
        if (models == 0)
            return failed;
        var words = models == 1 ? "1 downstream model skipped" : $"{models} downstream models skipped";
        return failed with
        {
            Diagnostics =
            [
                .. failed.Diagnostics.Select(d =>
                    d.IsError ? d with { Hint = d.Hint is null ? words : $"{d.Hint}; {words}" } : d
                ),
            ],
        };
    }
}
