using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Rollback;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Runs;

/// <summary>The history of all connections of a target.</summary>
/// <param name="Connections">Those that hold what others read come first.</param>
/// <param name="Snapshots">The state of each, as it was read with the history.</param>
public sealed record ProjectHistory(
    ImmutableArray<ConnectionHistory> Connections,
    ImmutableDictionary<string, EngineSnapshot> Snapshots
)
{
    /// <summary>
    /// All runs, latest first, whatever the clock was set to: each connection knows their order. Of a run on several connections, the
    /// account that ended last.
    /// </summary>
    public ImmutableArray<RunRecord> Runs
    {
        get
        {
            var begun = NotBeforeTheRunsBefore();
            return
            [
                .. Connections
                    .SelectMany(connection => connection.Runs)
                    .GroupBy(run => run.RunId)
                    .Select(run =>
                        run.OrderBy(one => one.EndedAt is null).ThenByDescending(one => one.EndedAt).First()
                    )
                    .OrderByDescending(run => begun[run.RunId])
                    .ThenByDescending(run => run.Seq),
            ];
        }
    }

    /// <summary>How a run ended as a whole: succeeded only where it succeeded on every connection that knows it.</summary>
    public string OutcomeOf(RunRecord run) =>
        Connections
            .SelectMany(connection => connection.Runs)
            .Where(one => one.RunId == run.RunId && one.Outcome != RunOutcome.Succeeded)
            .Select(one => one.Outcome)
            .FirstOrDefault(run.Outcome);

    /// <summary>When a run began, and not before those that came before it on any connection.</summary>
    private Dictionary<string, DateTimeOffset> NotBeforeTheRunsBefore()
    {
        var begun = new Dictionary<string, DateTimeOffset>();
        foreach (var connection in Connections)
        {
            var latest = DateTimeOffset.MinValue;
            foreach (var run in connection.Runs)
            {
                latest = run.StartedAt > latest ? run.StartedAt : latest;
                if (!begun.TryGetValue(run.RunId, out var known) || latest > known)
                    begun[run.RunId] = latest;
            }
        }
        return begun;
    }

    /// <summary>The way back to a run, for all nodes or some.</summary>
    public RollbackPlan PlanBack(RunRecord to, ProjectManifest manifest, Func<string, bool> includes) =>
        RollbackPlanner.Plan(
            Connections,
            to,
            includes,
            id => NameOf(manifest, id),
            connection =>
                SqlDialects.Find(manifest.Connections[connection].Engine)?.RelationNames
                ?? EqualityComparer<RelationName>.Default
        );

    /// <summary>A node or a transfer as messages name it.</summary>
    public static string NameOf(ProjectManifest manifest, string id)
    {
        if (manifest.Nodes.GetValueOrDefault(id) is { } node)
            return node.Name;
        // model.project.name, or transfer.project.name.connection
        var parts = id.Split('.');
        return parts is ["transfer", _, .., var connection]
            ? $"{string.Join('.', parts[2..^1])} -> {connection}"
            : string.Join('.', parts.Skip(2));
    }

    /// <returns>Null when a connection could not be read; the diagnostics then say why.</returns>
    public static async Task<ProjectHistory?> ReadAsync(
        RunRequest request,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var graph = WholeGraph(request.Manifest);
        // without nodes nothing says which connections the project uses
        var states = await StateSurvey.ReadAllAsync(
            request,
            graph,
            diagnostics,
            cancellationToken,
            request.Manifest.Nodes.IsEmpty ? [.. request.Manifest.Connections.Keys] : null
        );
        if (states is null)
            return null;
        var histories = ImmutableArray.CreateBuilder<ConnectionHistory>();
        var snapshots = states.Engines;
        foreach (var name in InOrder(request.Manifest).Where(states.Engines.ContainsKey))
        {
            var adapter = request.Adapters[name];
            await using var session = await adapter.OpenSessionAsync(cancellationToken);
            histories.Add(
                await HistoryReader.ReadAsync(
                    session,
                    adapter.Dialect,
                    states.Engines[name],
                    cancellationToken
                )
            );
            var kept = await session.ListRelationsAsync([HistoryTables.KeptSchema], cancellationToken);
            snapshots = snapshots.SetItem(
                name,
                snapshots[name] with
                {
                    Relations = snapshots[name]
                        .Relations.SetItems(kept.Select(table => KeyValuePair.Create(table.Name, table))),
                }
            );
        }
        return new ProjectHistory(histories.ToImmutable(), snapshots);
    }

    /// <summary>Everything that the project could build.</summary>
    public static PlanGraph WholeGraph(ProjectManifest manifest) =>
        new(manifest, manifest.Nodes.Keys.ToHashSet(), RunCommand.Build);

    /// <summary>The connections in the order in which the data passes through them.</summary>
    private static IEnumerable<string> InOrder(ProjectManifest manifest) =>
        manifest
            .Graph.Sorted.Select(id => manifest.Find<RelationNode>(id)?.Connection)
            .OfType<string>()
            .Concat(manifest.Connections.Keys)
            .Distinct();
}
