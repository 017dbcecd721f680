using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Execution;
using Strata.Runner.Files;
using Strata.Runner.Planning;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;

namespace Strata.Runner.Checking;

/// <summary>Binds the queries of tests over empty tables of what they read, and holds their arguments against its columns.</summary>
internal sealed class TestChecker(PrivateEngines engines, ErrorJudge judge, RunRequest request)
{
    private readonly Dictionary<string, PlacedRelation> _placed = new(StringComparer.Ordinal);

    /// <returns>What is wrong with it; null when that cannot be told.</returns>
    public async Task<ImmutableArray<Diagnostic>?> CheckAsync(
        TestNode test,
        CancellationToken cancellationToken
    )
    {
        var on = await engines.FindAsync(test.Engine, test.Connection, cancellationToken);
        if (on is null)
            return null;
        var read = new Dictionary<string, CheckRelation>(StringComparer.Ordinal);
        foreach (var id in test.DependsOn.Append(test.AttachedNode).OfType<string>().Distinct())
        {
            if (request.Manifest.Find<RelationNode>(id) is not { } node)
                continue;
            if (await RelationAsync(on, node, cancellationToken) is not { } relation)
                return null;
            read[id] = relation;
            if (!test.ReadsInPlace)
                continue;
            var home = await engines.FindAsync(node.Engine, node.Connection, cancellationToken);
            if (home is null || await RelationAsync(home, node, cancellationToken) is not { } inPlace)
                return null;
            _placed[id] = new PlacedRelation(
                inPlace,
                home.Engine.Dialect,
                $"{node.Relation} on {node.Connection}"
            );
        }
        var plan = CheckPlanner.Plan(
            new CheckRequest
            {
                Tests = [test],
                Dialect = on.Engine.Dialect,
                FusedChecksAreCheaper = request.Adapters[test.Connection].Capabilities.FusedChecksAreCheaper,
                Now = request.StartedAt,
                Resolve = id => read.GetValueOrDefault(id) ?? new CheckRelation("", id, null),
                Place = id =>
                    _placed.GetValueOrDefault(id)
                    ?? new PlacedRelation(
                        read.GetValueOrDefault(id) ?? new CheckRelation("", id, null),
                        on.Engine.Dialect,
                        id
                    ),
            }
        );
        if (plan.Rejected is [var rejected, ..])
            return rejected.Diagnostics;
        foreach (var query in plan.Queries)
        {
            try
            {
                await on.Engine.TryAsync(
                    session => session.DescribeQueryAsync(query.Sql, cancellationToken),
                    cancellationToken
                );
            }
            catch (EngineException e)
            {
                if (judge.FindDoubt(e.Error, test.Connection, test.Engine) is not null)
                    return null;
                var origin = e.Error.Position is { } position ? query.FindOrigin(position) : null;
                return
                [
                    e.Error.ToDiagnostic(
                        on.Engine.Dialect.Name,
                        NodeStatements.Subject(test),
                        origin?.Span ?? test.Declaration
                    ),
                ];
            }
        }
        return [];
    }

    /// <returns>Null when the columns are not known.</returns>
    private static async Task<CheckRelation?> RelationAsync(
        TypedEngine on,
        RelationNode node,
        CancellationToken cancellationToken
    )
    {
        var (columns, table) = await on.Types.FindAsync(node.UniqueId, null, cancellationToken);
        return !columns.IsComplete || table is not { } empty
            ? null
            : new CheckRelation(
                on.Engine.Dialect.Quote(empty),
                node.Relation.Name,
                [.. columns.Columns.Select(column => new CheckColumn(column.Name, column.Type))]
            )
            {
                Declared = [.. node.Columns.Select(column => new CheckColumn(column.Name, column.DataType))],
                Added = node is SourceNode { Files: not null } ? SourceMarks.Names : [],
            };
    }
}
