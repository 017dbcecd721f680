using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Files;
using Strata.Runner.Planning;
using Strata.Runner.Runs;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>Landed files that undone publishes have taken in and that are not there any more: the next build cannot read them again.</summary>
internal static class ArchivedFiles
{
    public static async Task WarnAsync(
        RunRequest run,
        RollbackPlan plan,
        ProjectHistory history,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var graph = new PlanGraph(run.Manifest, run.Selected, run.Command);
        foreach (var connection in plan.Connections)
        {
            var notes = history.Snapshots[connection.Connection].Files;
            foreach (var node in connection.Nodes)
            {
                if (run.Manifest.Find<ModelNode>(node.Node) is not { } model || !GoneFiles.AreKeptBy(model))
                    continue;
                var first = node.Steps[^1].BatchId;
                var noted = notes
                    .Where(of => of.Key.Consumer == node.Node)
                    .SelectMany(of => of)
                    .Where(GoneFiles.IsTaken)
                    .ToList();
                var undone = noted
                    .Where(file =>
                        file.BatchId >= first
                        && !File.Exists(Path.Combine(run.Manifest.ProjectFolder, file.Path))
                    )
                    .DistinctBy(file => file.Path)
                    .ToImmutableArray();
                if (undone.IsEmpty)
                    continue;
                // those that were taken in before, too, come back with their rows
                var before = await KeptAsync(run, connection.Connection, node, cancellationToken);
                undone = undone.RemoveAll(file => before.Contains(file.Path));
                // the next build takes a file in that lies elsewhere now
                var gone = await GoneFiles.FindAsync(
                    undone,
                    NewFiles(run, graph, model, noted.Select(file => file.Path).ToHashSet()),
                    run.Manifest.ProjectFolder,
                    cancellationToken
                );
                if (!gone.IsEmpty)
                    diagnostics.Add(
                        RollbackDiagnostics.FilesGone(
                            model.Name,
                            [
                                .. gone.SelectMany(of => of.Files)
                                    .Select(file => file.Path)
                                    .Order(StringComparer.Ordinal),
                            ]
                        )
                    );
            }
        }
    }

    /// <summary>What lies where the model's sources look and is known by no name that it has taken in.</summary>
    private static ImmutableArray<LandingZone> NewFiles(
        RunRequest run,
        PlanGraph graph,
        ModelNode model,
        HashSet<string> known
    )
    {
        // a folder that cannot be read is for the build to say
        var unread = new DiagnosticBag();
        var zones = ImmutableArray.CreateBuilder<LandingZone>();
        foreach (var source in graph.InputsOf(model).Select(run.Manifest.Find<SourceNode>))
        {
            if (source?.Files is not { } config || source.Connection != model.Connection)
                continue;
            var zone = LandingZone.List(source, config, run.Manifest.ProjectFolder, unread);
            zones.Add(zone with { Files = zone.Files.RemoveAll(file => known.Contains(file.Path)) });
        }
        return zones.ToImmutable();
    }

    /// <summary>The files of which the undone publishes have kept what was known before.</summary>
    private static async Task<HashSet<string>> KeptAsync(
        RunRequest run,
        string connection,
        NodeRollback node,
        CancellationToken cancellationToken
    )
    {
        var adapter = run.Adapters[connection];
        var kept = new HashSet<string>();
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        foreach (var step in node.Steps)
        {
            var rows = await session.QueryAsync(
                $"select path from {adapter.Dialect.Quote(HistoryTables.KeptFiles)} "
                    + $"where {KeptStatements.Is(adapter.Dialect, step)} and file_batch < {node.Steps[^1].BatchId}",
                int.MaxValue,
                cancellationToken
            );
            kept.UnionWith(rows.Rows.Select(row => row[0]).OfType<string>());
        }
        return kept;
    }
}
