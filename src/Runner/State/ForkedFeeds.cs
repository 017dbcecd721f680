using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State;

/// <summary>
/// Finds transfers that have read what their producer's engine no longer knows of, because one of the two was restored from an
/// older copy: numbers of batches are given again then, and would lead on to other rows. What was read is named by the run that
/// wrote it, and the ledger knows every run that has published.
/// </summary>
internal static class ForkedFeeds
{
    /// <summary>
    /// Without the positions of such transfers, so that they bring everything again; and a warning of them. Where another target
    /// made the copies it is no older copy, but another environment that would be overwritten: an error.
    /// </summary>
    public static async Task<ImmutableArray<EngineSnapshot>> ForgetAsync(
        ProjectManifest manifest,
        PlanGraph graph,
        IReadOnlyDictionary<string, IAdapter> adapters,
        ImmutableArray<EngineSnapshot> snapshots,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var byName = snapshots.ToDictionary(snapshot => snapshot.Connection);
        foreach (var from in snapshots)
        {
            var doubtful = new Dictionary<Transfer, (string Node, string RunId)>();
            foreach (var transfer in graph.Transfers.Where(t => t.Producer.Connection == from.Connection))
            {
                var node = transfer.Producer.UniqueId;
                // what it has read last is what there is: so it mostly is
                if (
                    transfer.Producer
                        is not (SourceNode or ModelNode { Config.Materialized: Materialization.View })
                    && ReadVersion(transfer, byName) is { } read
                    // what was read of a view names no run
                    && RunId.IsRunId(read)
                    && from.Nodes.GetValueOrDefault(node)?.Version != read
                )
                    doubtful[transfer] = (node, read);
            }
            if (doubtful.Count == 0)
                continue;
            var known = await FindAsync(from, adapters[from.Connection], doubtful.Values, cancellationToken);
            var unknown = doubtful.Where(one => !known.Contains(one.Value)).Select(one => one.Key).ToArray();
            Report(manifest, from, byName, unknown, diagnostics);
            foreach (var transfer in unknown)
            {
                var to = byName[transfer.Connection];
                byName[transfer.Connection] = to with
                {
                    Consumed = to.Consumed.Remove((transfer.Id, transfer.Producer.UniqueId)),
                };
            }
        }
        return [.. snapshots.Select(snapshot => byName[snapshot.Connection])];
    }

    private static string? ReadVersion(Transfer transfer, Dictionary<string, EngineSnapshot> snapshots) =>
        snapshots
            .GetValueOrDefault(transfer.Connection)
            ?.Nodes.GetValueOrDefault(transfer.Id)
            ?.Inputs.GetValueOrDefault(transfer.Producer.UniqueId);

    private static void Report(
        ProjectManifest manifest,
        EngineSnapshot from,
        IReadOnlyDictionary<string, EngineSnapshot> snapshots,
        IEnumerable<Transfer> unknown,
        DiagnosticBag diagnostics
    )
    {
        foreach (var some in unknown.GroupBy(transfer => transfer.Connection))
        {
            ImmutableArray<string> names =
            [
                .. some.Select(transfer => transfer.Producer.Name).Order(StringComparer.Ordinal),
            ];
            var targets = some.Select(transfer =>
                snapshots[some.Key].Owned.GetValueOrDefault((transfer.Id, transfer.Replica))?.Target
            );
            diagnostics.Add(
                targets.FirstOrDefault(target => target is not null && target != manifest.TargetName)
                    is { } other
                    ? TableDiagnostics.CopiesOfAnotherTarget(
                        from.Connection,
                        some.Key,
                        names,
                        other,
                        manifest.TargetName
                    )
                    : TableDiagnostics.CopiesOfAnother(from.Connection, some.Key, names)
            );
        }
    }

    private static async Task<HashSet<(string Node, string RunId)>> FindAsync(
        EngineSnapshot from,
        IAdapter adapter,
        IEnumerable<(string Node, string RunId)> published,
        CancellationToken cancellationToken
    )
    {
        if (from.StateVersion == 0)
            return [];
        var dialect = adapter.Dialect;
        var pairs = published.Select(pair =>
            $"node = {dialect.QuoteString(pair.Node)} and run_id = {dialect.QuoteString(pair.RunId)}"
        );
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        var rows = await session.QueryAsync(
            $"select distinct node, run_id from {dialect.Quote(StateTables.Ledger)} where {string.Join(" or ", pairs)}",
            int.MaxValue,
            cancellationToken
        );
        return [.. rows.Rows.Select(row => (StateValues.Text(row[0]), StateValues.Text(row[1])))];
    }
}
