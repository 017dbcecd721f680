using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Events;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;
using Strata.Runner.State;
using Strata.Runner.UnitTests;

namespace Strata.Runner.Execution;

/// <summary>What everything that takes part in one run shares.</summary>
internal sealed class RunContext
{
    private RunContext() { }

    /// <summary>Opens nothing yet; the connections are the caller's to dispose of.</summary>
    /// <param name="locks">Null where nothing is written.</param>
    public static RunContext Create(
        RunRequest request,
        RunLocks? locks,
        RunPlan plan,
        PlanGraph graph,
        EngineStates states,
        UnitTestBench unitTests,
        IRunObserver observer
    ) =>
        new()
        {
            Request = request,
            Locks = locks,
            Plan = plan,
            Graph = graph,
            States = states,
            Connections = states.Engines.ToImmutableDictionary(
                pair => pair.Key,
                pair => new ConnectionRun(request.Adapters[pair.Key], pair.Value, plan.RunId)
                {
                    Lock = locks?.Of(pair.Key),
                    Failpoints = request.Failpoints,
                }
            ),
            Versions = states.Versions(request.Manifest),
            Events = new EventStream(observer),
            Feeds = new FeedTopology(request.Manifest),
            UnitTests = unitTests,
        };

    public required RunRequest Request { get; init; }

    /// <summary>The run's locks; null where nothing is written.</summary>
    public RunLocks? Locks { get; init; }

    public required RunPlan Plan { get; init; }

    public required PlanGraph Graph { get; init; }

    public required EngineStates States { get; init; }

    public required ImmutableDictionary<string, ConnectionRun> Connections { get; init; }

    public required NodeVersions Versions { get; init; }

    public required EventStream Events { get; init; }

    /// <summary>Nodes that are staged and not published: others of their group, and tests, read the post-image.</summary>
    public ConcurrentDictionary<string, StagedNode> Staged { get; } = new();

    /// <summary>Where nodes stand that this run has published.</summary>
    public ConcurrentDictionary<string, NodeState> Published { get; } = new();

    /// <summary>Where a node's published rows stand: since this run, or since before it.</summary>
    public NodeState? StateOf(string id) => Published.GetValueOrDefault(id) ?? States.StateOf(id);

    /// <summary>Whether a source is as it was when a node was built last.</summary>
    public bool IsUnmoved(Node node, SourceNode source) =>
        Versions.StateOf(node.UniqueId) is { } state && Versions.AreUnmoved(state, [source.UniqueId]);

    /// <summary>The number of a node's next publish; it also goes on where the state itself is not believed, so that none is given twice.</summary>
    public long NextBatchOf(string id) =>
        (
            StateOf(id)?.BatchId
            ?? States
                .Engines.Values.Select(on => on.Left.GetValueOrDefault(id)?.BatchId ?? 0)
                .DefaultIfEmpty()
                .Max()
        ) + 1;

    public required FeedTopology Feeds { get; init; }

    public required UnitTestBench UnitTests { get; init; }

    /// <summary>What went wrong outside any node.</summary>
    public DiagnosticBag Problems { get; } = new();

    public ProjectManifest Manifest => Request.Manifest;

    public TimeProvider Clock => Request.Clock;

    public Failpoints Failpoints => Request.Failpoints;

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>A node or transfer as messages name it.</summary>
    public string NameOf(string id) =>
        Manifest.Nodes.GetValueOrDefault(id)?.Name ?? Graph.FindTransfer(id)?.Producer.Name ?? id;
}
