using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Periods;
using Strata.Runner.Files;
using Strata.Runner.Planning;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution;

/// <summary>Looks at everything outside the project that a plan depends on: engines and landing zones.</summary>
internal static class StateSurvey
{
    /// <summary>The connections that a request reads or writes.</summary>
    public static ImmutableSortedSet<string> ConnectionsOf(PlanGraph graph, ProjectManifest manifest) =>
        [
            .. graph.Relations.Select(node => node.Connection),
            .. graph.Transfers.SelectMany(transfer =>
                new[] { transfer.Producer.Connection, transfer.Connection }
            ),
            .. graph.Tests.Select(test => test.Connection),
            .. graph
                .Tests.SelectMany(test => graph.InputsOf(test))
                .Select(id => manifest.Find<RelationNode>(id)?.Connection)
                .OfType<string>(),
        ];

    /// <summary>
    /// The connections whose lock a request needs: those that it writes to, and those that rows are brought from
    /// or compared with, so that no batch is published there between reading the rows and noting how far they go.
    /// </summary>
    public static ImmutableSortedSet<string> LockedBy(PlanGraph graph, ProjectManifest manifest) =>
        [
            .. graph.Relations.Select(node => node.Connection),
            .. graph.Transfers.SelectMany(transfer =>
                new[] { transfer.Producer.Connection, transfer.Connection }
            ),
            .. graph.Tests.Select(test => test.Connection),
            .. graph
                .Tests.Where(test => test.ReadsInPlace)
                .SelectMany(test => graph.InputsOf(test))
                .Select(id => manifest.Find<RelationNode>(id)?.Connection)
                .OfType<string>(),
        ];

    /// <summary>What a plan goes by: states that are not of the nodes as they are now are left out.</summary>
    /// <returns>Null when a connection could not be read, or belongs to others; the diagnostics then say why.</returns>
    public static async Task<EngineStates?> ReadAsync(
        RunRequest request,
        PlanGraph graph,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        if (await ReadAllAsync(request, graph, diagnostics, cancellationToken) is not { } all)
            return null;
        await NodeHomes.CheckOwnersAsync(request, graph, all.Engines.Values, diagnostics, cancellationToken);
        if (diagnostics.HasErrors)
            return null;
        var settled = NodeHomes.Settle(request.Manifest, graph, [.. all.Engines.Values]);
        settled = KnownDefinitions.Adopt(request.Manifest, graph, settled);
        settled = await ForkedFeeds.ForgetAsync(
            request.Manifest,
            graph,
            request.Adapters,
            settled,
            diagnostics,
            cancellationToken
        );
        if (diagnostics.HasErrors)
            return null;
        return all with { Engines = settled.ToImmutableDictionary(snapshot => snapshot.Connection) };
    }

    /// <summary>All that the connections keep, to look at and to go back in.</summary>
    /// <param name="connections">Which of them; null for those that the graph reads or writes.</param>
    /// <returns>Null when a connection could not be read; the diagnostics then say why.</returns>
    public static async Task<EngineStates?> ReadAllAsync(
        RunRequest request,
        PlanGraph graph,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken,
        ImmutableSortedSet<string>? connections = null
    )
    {
        connections ??= ConnectionsOf(graph, request.Manifest);
        var snapshots = await Task.WhenAll(
            connections.Select(name => ReadEngineAsync(request, graph, name, diagnostics, cancellationToken))
        );
        var landed = Sources(request.Manifest)
            .Where(source => connections.Contains(source.Connection))
            .ToImmutableDictionary(
                source => source.UniqueId,
                source => LandingZone.List(source, source.Files!, request.Manifest.ProjectFolder, diagnostics)
            );
        return diagnostics.HasErrors
            ? null
            : new EngineStates(
                snapshots.OfType<EngineSnapshot>().ToImmutableDictionary(snapshot => snapshot.Connection),
                landed
            );
    }

    public static Diagnostic Unreachable(ProjectManifest manifest, string connection, EngineError error) =>
        EngineDiagnostics.Unreachable(
            manifest.Connections.GetValueOrDefault(connection)?.Declaration,
            connection,
            error.Message,
            error.Hint
        );

    private static IEnumerable<SourceNode> Sources(ProjectManifest manifest) =>
        manifest.Nodes.Values.OfType<SourceNode>().Where(source => source.Files is not null);

    private static async Task<EngineSnapshot?> ReadEngineAsync(
        RunRequest request,
        PlanGraph graph,
        string connection,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var adapter = request.Adapters[connection];
        var schemas = request
            .Manifest.Nodes.Values.OfType<RelationNode>()
            .Where(node => node.Connection == connection)
            .Select(node => node.Relation.Schema)
            .Concat(graph.Copies.Where(t => t.Connection == connection).Select(t => t.Replica.Schema))
            .ToHashSet();
        // what a model has taken in before it moved is noted where it was
        var takesFiles = Sources(request.Manifest).Any();
        try
        {
            await using var session = await adapter.OpenSessionAsync(cancellationToken);
            var snapshot = await StateReader.ReadAsync(
                connection,
                session,
                adapter.Dialect,
                schemas,
                takesFiles,
                cancellationToken
            );
            if (snapshot.StateVersion > StateTables.Version)
            {
                diagnostics.Add(
                    BuildDiagnostics.StateIsNewer(connection, snapshot.StateVersion, StateTables.Version)
                );
            }
            return snapshot with
            {
                Arrivals = await ArrivalReading.FindPublishedAsync(
                    request.Manifest,
                    graph.Relations.OfType<ModelNode>().Where(model => model.Connection == connection),
                    snapshot,
                    session,
                    adapter.Dialect,
                    cancellationToken
                ),
            };
        }
        catch (EngineException e) when (e.Error.Kind == EngineErrorKind.Locked)
        {
            diagnostics.Add(InputDiagnostics.RunLockHeld(connection, e.Error.Message, canWait: false));
        }
        catch (EngineException e)
        {
            diagnostics.Add(Unreachable(request.Manifest, connection, e.Error));
        }
        return null;
    }
}
