using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Files;
using Strata.Runner.Planning;
using Strata.Runner.Runs;
using Strata.Runner.State;
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
        foreach (var connection in plan.Connections)
        {
            var notes = history.Snapshots[connection.Connection].Files;
            foreach (var node in connection.Nodes)
            {
                if (run.Manifest.Find<ModelNode>(node.Node) is not { } model || !GoneFiles.AreKeptBy(model))
                    continue;
                var first = node.Steps[^1].BatchId;
                ImmutableArray<string> gone =
                [
                    .. notes
                        .Where(of => of.Key.Consumer == node.Node)
                        .SelectMany(of => of)
                        .Where(file =>
                            file.IsRead
                            && file.BatchId >= first
                            && !File.Exists(Path.Combine(run.Manifest.ProjectFolder, file.Path))
                        )
                        .Select(file => file.Path)
                        .Distinct()
                        .Order(StringComparer.Ordinal),
                ];
                if (gone.IsEmpty)
                    continue;
                // those that were taken in before, too, come back with their rows
                var before = await KeptAsync(run, connection.Connection, node, cancellationToken);
                gone = gone.RemoveAll(before.Contains);
                if (!gone.IsEmpty)
                    diagnostics.Add(RollbackDiagnostics.FilesGone(model.Name, gone));
            }
        }
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
