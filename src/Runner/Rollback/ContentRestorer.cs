using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine;
using Strata.Runner.State;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>
/// Brings the relations of a connection back, inside a transaction. Views make way where what they read changes its columns, or
/// turns from a view into a table or back, and come back as they were then.
/// </summary>
internal sealed class ContentRestorer(
    ISession session,
    SqlDialect dialect,
    AdapterCapabilities capabilities,
    Failpoints failpoints
)
{
    private readonly Dictionary<RelationName, RelationInfo> _there = new(dialect.RelationNames);

    // of views that are dropped: the statement that gives their grants to those that take their place
    private readonly Dictionary<RelationName, string> _rights = new(dialect.RelationNames);

    // by relation, the views that read it
    private ILookup<RelationName, RelationName> _viewsOver = Array
        .Empty<RelationName>()
        .ToLookup(relation => relation);

    /// <param name="relations">What goes back.</param>
    /// <param name="steps">All publishes that are undone, latest first.</param>
    /// <param name="owned">What Strata has made here.</param>
    /// <param name="holders">By relation, the node that it is of now.</param>
    /// <param name="graph">What read what: views are made after what they read.</param>
    public async Task RestoreAsync(
        ImmutableArray<RelationRollback> relations,
        IEnumerable<KeptVersion> steps,
        IReadOnlyCollection<OwnedRelation> owned,
        IReadOnlyDictionary<RelationName, string> holders,
        NodeReads graph,
        CancellationToken cancellationToken
    )
    {
        await LookAsync(relations, owned, cancellationToken);
        var moved = relations.ToDictionary(relation => relation.Relation, dialect.RelationNames);
        var views = owned
            .Where(one => _there.GetValueOrDefault(one.Relation)?.Kind == RelationKind.View)
            // of several nodes that were this view, one is it now
            .OrderByDescending(one => holders.GetValueOrDefault(one.Relation) == one.Node)
            .DistinctBy(one => one.Relation, dialect.RelationNames)
            .ToList();
        if (capabilities.RelationIdentityMatters)
        {
            _viewsOver = owned
                .SelectMany(one =>
                    views
                        .Where(view => graph.Reads(view.Node, one.Node))
                        .OrderByDescending(view => graph.DepthOf(view.Node))
                        .Select(view => (Read: one.Relation, View: view.Relation))
                )
                .ToLookup(pair => pair.Read, pair => pair.View, dialect.RelationNames);
        }
        var makeWay =
            capabilities.RelationIdentityMatters
            && relations.Any(relation => ChangesColumns(relation) || ChangesKind(relation));
        foreach (var view in views.OrderByDescending(view => graph.DepthOf(view.Node)))
        {
            var isReplaced = moved.GetValueOrDefault(view.Relation) is { From: not null, Definition: null };
            if (makeWay || isReplaced)
                await DropAsync(view.Relation, cancellationToken);
        }
        foreach (var relation in relations.Where(relation => relation.Definition is null))
        {
            await RestoreTableAsync(relation, cancellationToken);
            failpoints.Hit(FailpointName.RollbackMidway);
        }
        foreach (var relation in relations)
            await RestoreQuarantineAsync(relation, cancellationToken);
        foreach (var part in steps.SelectMany(step => step.Parts))
            await RestorePartAsync(part, cancellationToken);
        var definitions = relations
            .Where(relation => relation.Definition is not null)
            .Select(relation => (relation.Node, relation.Relation, relation.Definition, Stays: false))
            .Concat(
                views
                    .Where(view => moved.GetValueOrDefault(view.Relation)?.From is null)
                    .Select(view => (view.Node, view.Relation, view.Definition, Stays: true))
            );
        foreach (var view in definitions.OrderBy(view => graph.DepthOf(view.Node)))
        {
            // one that stays has gone only if it was in the way
            if (view.Definition is { } definition && !(view.Stays && _there.ContainsKey(view.Relation)))
                await RestoreViewAsync(view.Relation, definition, cancellationToken);
            failpoints.Hit(FailpointName.RollbackMidway);
        }
    }

    private async Task LookAsync(
        ImmutableArray<RelationRollback> relations,
        IReadOnlyCollection<OwnedRelation> owned,
        CancellationToken cancellationToken
    )
    {
        var schemas = relations
            .Select(relation => relation.Relation.Schema)
            .Concat(owned.Select(one => one.Relation.Schema))
            .Append(HistoryTables.KeptSchema)
            .Append(CdcState.Schema)
            .Distinct();
        foreach (var found in await session.ListRelationsAsync([.. schemas], cancellationToken))
            _there[found.Name] = found;
    }

    private bool ChangesColumns(RelationRollback relation) =>
        relation.From is { Kind: KeptKind.Whole, Table: { } table }
        && _there.GetValueOrDefault(relation.Relation) is { Kind: RelationKind.Table } now
        && !now.Columns.SequenceEqual(_there[table].Columns);

    /// <summary>A table takes the place of a view, or a view that of a table.</summary>
    private bool ChangesKind(RelationRollback relation) =>
        _there.GetValueOrDefault(relation.Relation) is { Kind: var now }
        && (relation.Definition is not null, relation.From?.Kind) switch
        {
            (true, _) => now != RelationKind.View,
            (false, KeptKind.Whole) => now != RelationKind.Table,
            _ => false,
        };

    private async Task RestoreTableAsync(RelationRollback relation, CancellationToken cancellationToken)
    {
        if (relation.From is { } from)
        {
            if (from is { Kind: KeptKind.Whole, Table: { } table })
                await RestoreWholeAsync(relation.Relation, table, cancellationToken);
            else
                await DropAsync(relation.Relation, cancellationToken);
        }
        foreach (var change in relation.Changes)
        {
            if (change.Table is { } kept)
                await UndoAsync(relation.Relation, kept, change.Identity, cancellationToken);
        }
    }

    private async Task UndoAsync(
        RelationName relation,
        RelationName kept,
        ImmutableArray<string> identity,
        CancellationToken cancellationToken
    )
    {
        var undo = DeltaUndo.Write(
            dialect,
            relation,
            kept,
            [
                .. _there[kept]
                    .Columns.Select(column => column.Name)
                    .Where(name => name != KeptTables.ChangeColumn),
            ],
            identity,
            capabilities.HashesNullSafeEquality
        );
        var came = (await session.QueryAsync(undo.CountCame, 1, cancellationToken)).ScalarLong;
        var left = await session.ExecuteAsync(undo.Delete, cancellationToken);
        if (left != came)
            throw ChangedByOthers(relation, came - left, came);
        await session.ExecuteAsync(undo.Insert, cancellationToken);
    }

    private static EngineException ChangedByOthers(RelationName relation, long missing, long came) =>
        new(
            new EngineError(
                EngineErrorKind.Other,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    {missing} of {came} rows that were published into {relation} since then are not there
                    as they were published: somebody else has changed or deleted them;
                    'strata build --full-refresh --select' with its model makes the table anew
                    """
                )
            )
        );

    /// <summary>A hidden table of the node, step by step: there are few of them, and nobody else reads them.</summary>
    private Task RestorePartAsync(KeptPart part, CancellationToken cancellationToken) =>
        part switch
        {
            { Kind: KeptKind.Changes, Table: { } changes } => UndoAsync(
                part.Relation,
                changes,
                [],
                cancellationToken
            ),
            { Table: { } whole } => RestoreWholeAsync(part.Relation, whole, cancellationToken),
            _ => DropAsync(part.Relation, cancellationToken),
        };

    private async Task RestoreQuarantineAsync(RelationRollback relation, CancellationToken cancellationToken)
    {
        var first = relation.Steps.LastOrDefault(step => step.Quarantine is not null);
        if (first is not { Quarantine: { } kept })
            return;
        var table = QuarantineTable.Of(relation.Relation, dialect);
        if (!_there.ContainsKey(table))
            return;
        await session.ExecuteAsync($"delete from {dialect.Quote(table)}", cancellationToken);
        if (kept == KeptVersion.NoQuarantine)
            return;
        var copy = new RelationName(HistoryTables.KeptSchema, kept);
        // by name: its columns may have grown since
        var columns = Ddl.Columns(dialect, _there[copy].Columns.Select(column => column.Name));
        await session.ExecuteAsync(
            $"insert into {dialect.Quote(table)} ({columns}) select {columns} from {dialect.Quote(copy)}",
            cancellationToken
        );
    }

    private async Task RestoreWholeAsync(
        RelationName relation,
        RelationName kept,
        CancellationToken cancellationToken
    )
    {
        var now = _there.GetValueOrDefault(relation);
        var then = _there[kept];
        if (capabilities.RelationIdentityMatters && now is { Kind: RelationKind.Table })
        {
            var staged = new StagedRelation
            {
                Published = relation,
                Existing = now,
                Physical = kept,
                PostImage = kept,
                Columns = then.Columns,
            };
            foreach (var step in InPlaceWriter.Write(dialect, staged, TableWriter.ByRow).Steps)
                await session.ExecuteAsync(step.Sql, cancellationToken);
        }
        else
        {
            await DropAsync(relation, cancellationToken);
            var isBeside = kept.Schema == relation.Schema;
            await session.ExecuteAsync(
                isBeside
                    ? $"alter table {dialect.Quote(kept)} rename to {dialect.QuoteIdentifier(relation.Name)}"
                    : $"create table {dialect.Quote(relation)} as select * from {dialect.Quote(kept)}",
                cancellationToken
            );
        }
        _there[relation] = then with { Name = relation };
    }

    /// <summary>In place where the columns stay: dependents of the view outlive that. Its grants do in any case.</summary>
    private async Task RestoreViewAsync(
        RelationName relation,
        string definition,
        CancellationToken cancellationToken
    )
    {
        if (_there.GetValueOrDefault(relation) is { Kind: RelationKind.View } now)
        {
            var body = definition[$"view {dialect.Quote(relation)} as\n".Length..];
            var stays =
                !capabilities.RelationIdentityMatters
                || (await session.DescribeQueryAsync(body, cancellationToken))
                    .Select(column => (column.Name, column.Type))
                    .SequenceEqual(now.Columns.Select(column => (column.Name, column.Type)));
            if (stays)
            {
                await session.ExecuteAsync($"create or replace {definition}", cancellationToken);
                return;
            }
        }
        await DropAsync(relation, cancellationToken);
        await session.ExecuteAsync($"create {definition}", cancellationToken);
        if (_rights.Remove(relation, out var giveBack))
            await session.ExecuteAsync(giveBack, cancellationToken);
    }

    private async Task DropAsync(RelationName relation, CancellationToken cancellationToken)
    {
        if (!_there.Remove(relation, out var found))
            return;
        // an engine drops nothing that a view reads
        foreach (var view in _viewsOver[relation])
            await DropAsync(view, cancellationToken);
        if (found.Kind == RelationKind.View && dialect.RightsOf(relation) is { } rights)
        {
            await session.ExecuteAsync(rights.Remember, cancellationToken);
            _rights[relation] = rights.GiveBack;
        }
        await session.ExecuteAsync(Ddl.Drop(dialect, found), cancellationToken);
    }
}
