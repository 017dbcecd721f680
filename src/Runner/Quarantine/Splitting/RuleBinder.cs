using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Files;
using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>Binds the quarantine expectations of a node to the place where rows of it stand.</summary>
internal sealed class RuleBinder(Auditor auditor)
{
    /// <summary>The landed files that expectations read, until the lease is given back.</summary>
    public Task<FileBatch> OfferAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        CancellationToken cancellationToken
    ) => auditor.OfferAsync(lease, on, tests, cancellationToken);

    /// <param name="files">The landed files that the rules read, as <see cref="OfferAsync"/> gives them for the session that applies these.</param>
    /// <param name="together">What rows of the node may refer to, these among them.</param>
    /// <param name="judged">True for rows that the expectations are about; null for all.</param>
    /// <returns>Null when there are no rules.</returns>
    public RowRules? Over(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        RelationNode node,
        RelationName rows,
        ImmutableArray<ColumnSchema> columns,
        RowsTogether together,
        FileBatch files,
        string? judged = null
    ) =>
        RowRules.Create(
            on.Dialect,
            auditor.Plan(on, tests, Instead(on, node, rows, columns, together), files),
            rows,
            node.Relation,
            judged
        );

    /// <summary>Rows to read in place of a node.</summary>
    public static RowsInstead Instead(
        ConnectionRun on,
        RelationNode node,
        RelationName rows,
        ImmutableArray<ColumnSchema> columns,
        RowsTogether together,
        string? judged = null
    ) =>
        new(
            node.UniqueId,
            new CheckRelation(
                judged is null
                    ? on.Dialect.Quote(rows)
                    : $"(select * from {on.Dialect.Quote(rows)} where {judged})",
                node.Relation.Name,
                [.. columns.Select(column => new CheckColumn(column.Name, column.Type))]
            ),
            together.ToRelation()
        );
}
