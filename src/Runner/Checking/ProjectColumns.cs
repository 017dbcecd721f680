using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Binding;
using Strata.Runner.Planning;
using Strata.Runner.Statements;

namespace Strata.Runner.Checking;

/// <summary>What columns relations have, as far as the project alone says it: no server is asked and no database file is opened.</summary>
public static class ProjectColumns
{
    /// <returns>By id: the columns of the relations on the embedded engine of which any are known.</returns>
    public static async Task<ImmutableDictionary<string, KnownColumns>> FindAsync(
        RunRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var engines = new PrivateEngines(request) { AsksServers = false };
        var found = ImmutableDictionary.CreateBuilder<string, KnownColumns>(StringComparer.Ordinal);
        // parents first, so that no query waits for a long chain of others
        foreach (var id in request.Manifest.Graph.Sorted)
        {
            if (
                request.Manifest.Find<RelationNode>(id) is not { } node
                || await engines.FindAsync(node.Engine, node.Connection, cancellationToken) is not { } on
            )
                continue;
            using var scope = StatementScope.Enter(id);
            var (columns, isComplete) = await on.Types.ColumnsOfAsync(id, null, cancellationToken);
            if (!columns.IsEmpty)
                found[id] = new KnownColumns(columns, isComplete);
        }
        return found.ToImmutable();
    }
}
