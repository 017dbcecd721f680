using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.History;
using Strata.Runner.Quarantine;
using Strata.Runner.Runs;
using Strata.Runner.State;

namespace Strata.Runner.Orphans;

/// <summary>
/// What this project has made on this target and no longer makes. Only what the state says that Strata made is ever
/// considered, so tables of others are safe, and so is what other projects and targets keep in the same database.
/// </summary>
internal sealed class OrphanFinder
{
    private readonly ProjectManifest _manifest;
    private readonly Dictionary<string, Dictionary<RelationName, string>> _places = [];
    private readonly Dictionary<string, (string Connection, RelationName Relation)> _owners = [];

    public OrphanFinder(ProjectManifest manifest)
    {
        _manifest = manifest;
        var graph = ProjectHistory.WholeGraph(manifest);
        foreach (var node in graph.Relations)
            Own(node.UniqueId, node.Connection, node.Relation);
        foreach (var transfer in graph.Transfers)
            Own(transfer.Id, transfer.Connection, transfer.Replica);
    }

    /// <summary>Whether the project has the node, as something that is built.</summary>
    public bool Has(string node) => _owners.ContainsKey(node);

    /// <param name="exists">What is there, of the names that the state knows.</param>
    public ImmutableArray<Orphan> Find(
        EngineSnapshot snapshot,
        IReadOnlyDictionary<RelationName, Adapters.RelationInfo> exists,
        SqlDialect dialect
    )
    {
        var relations = Relations(snapshot, exists, dialect);
        return
        [
            .. relations
                .Concat(States(snapshot, relations, exists, dialect))
                .Concat(Quarantines(relations, exists, dialect))
                .DistinctBy(orphan => orphan.Relation, dialect.RelationNames)
                .OrderBy(orphan => orphan.Relation.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>All nodes that were published as an orphan, one after the other.</summary>
    public IEnumerable<OwnedRelation> OwnersOf(EngineSnapshot snapshot, Orphan orphan, SqlDialect dialect) =>
        snapshot.Owned.Values.Where(owned =>
            IsOwn(owned) && dialect.RelationNames.Equals(owned.Relation, orphan.Relation)
        );

    private bool IsOwn(OwnedRelation owned) =>
        _manifest.Owns(owned.Node) && owned.Target == _manifest.TargetName;

    private ImmutableArray<Orphan> Relations(
        EngineSnapshot snapshot,
        IReadOnlyDictionary<RelationName, Adapters.RelationInfo> exists,
        SqlDialect dialect
    ) =>
        [
            .. OwnLastFirst(snapshot)
                .Where(owned =>
                    !IsPlace(snapshot.Connection, owned.Relation)
                    && exists.GetValueOrDefault(owned.Relation)?.Kind == owned.Kind
                )
                .DistinctBy(owned => owned.Relation, dialect.RelationNames)
                .Select(owned => new Orphan(
                    snapshot.Connection,
                    owned.Node,
                    owned.Relation,
                    owned.Kind,
                    RowsOf(owned, snapshot, dialect),
                    Why(owned, snapshot.Connection)
                )
                {
                    IsDisabled = _manifest.Disabled.Contains(owned.Node),
                }),
        ];

    /// <summary>Of several nodes that were one relation, the last comes first: it is what that one has left behind.</summary>
    private IEnumerable<OwnedRelation> OwnLastFirst(EngineSnapshot snapshot) =>
        snapshot
            .Owned.Values.Where(IsOwn)
            .OrderByDescending(owned => snapshot.Holders.GetValueOrDefault(owned.Relation) == owned.Node)
            .ThenBy(owned => snapshot.Nodes.GetValueOrDefault(owned.Node)?.Relation is { Schema.Length: 0 })
            .ThenBy(owned => owned.Node, StringComparer.Ordinal);

    /// <summary>Of one that its node was published as last: what it has been published as before may have got other rows since.</summary>
    private static long? RowsOf(OwnedRelation owned, EngineSnapshot snapshot, SqlDialect dialect) =>
        snapshot.Nodes.GetValueOrDefault(owned.Node) is { Relation: { } relation } state
        && dialect.RelationNames.Equals(relation, owned.Relation)
            ? state.Rows
            : null;

    /// <summary>What cdc models remember of their events, where they are gone or are no cdc models any more.</summary>
    private IEnumerable<Orphan> States(
        EngineSnapshot snapshot,
        ImmutableArray<Orphan> relations,
        IReadOnlyDictionary<RelationName, Adapters.RelationInfo> exists,
        SqlDialect dialect
    ) =>
        from owned in OwnLastFirst(snapshot)
        let isOrphan = relations.Any(orphan => dialect.RelationNames.Equals(orphan.Relation, owned.Relation))
        let model = _manifest.Nodes.GetValueOrDefault(owned.Node) as ModelNode
        where isOrphan || model is { Config.Materialized: not Materialization.Cdc }
        // what another cdc model is now remembers that one's events
        where !IsPlaceOfCdc(snapshot.Connection, owned.Relation)
        from state in CdcState.Of(exists.Keys, owned.Relation, dialect)
        select new Orphan(
            snapshot.Connection,
            owned.Node,
            state,
            Adapters.RelationKind.Table,
            null,
            isOrphan
                ? $"the events behind {owned.Relation}"
                : $"'{ProjectHistory.NameOf(_manifest, owned.Node)}' is no longer a cdc model"
        )
        {
            IsPart = true,
            IsDisabled = _manifest.Disabled.Contains(owned.Node),
        };

    /// <summary>What tests set aside of relations that go: nobody could bring it back.</summary>
    private IEnumerable<Orphan> Quarantines(
        ImmutableArray<Orphan> relations,
        IReadOnlyDictionary<RelationName, Adapters.RelationInfo> exists,
        SqlDialect dialect
    ) =>
        from orphan in relations
        let table = QuarantineTable.Of(orphan.Relation, dialect)
        where
            !IsPlace(orphan.Connection, table)
            && exists.GetValueOrDefault(table) is { Kind: Adapters.RelationKind.Table } found
            && found.Columns.Any(column => column.Name == QuarantineTable.Id)
        select orphan with
        {
            Relation = table,
            Kind = Adapters.RelationKind.Table,
            Rows = null,
            Why = $"the quarantine of {orphan.Relation}",
            IsPart = true,
            IsQuarantine = true,
        };

    private string Why(OwnedRelation owned, string connection)
    {
        var name = ProjectHistory.NameOf(_manifest, owned.Node);
        if (_owners.TryGetValue(owned.Node, out var place))
        {
            return place.Connection == connection
                ? $"'{name}' is {place.Relation} now"
                : $"'{name}' is on '{place.Connection}' now";
        }
        if (owned.Node.StartsWith("transfer.", StringComparison.Ordinal))
            return "nothing reads it here any longer";
        return _manifest.Nodes.ContainsKey(owned.Node) ? $"'{name}' is ephemeral now"
            : _manifest.Disabled.Contains(owned.Node) ? $"'{name}' is disabled"
            : $"the project has no '{name}'";
    }

    private void Own(string node, string connection, RelationName relation)
    {
        _owners[node] = (connection, relation);
        if (!_places.TryGetValue(connection, out var places))
        {
            var dialect = SqlDialects.Find(_manifest.Connections[connection].Engine);
            _places[connection] = places = new(dialect?.RelationNames);
        }
        places[relation] = node;
    }

    private bool IsPlaceOfCdc(string connection, RelationName relation) =>
        _places.GetValueOrDefault(connection)?.GetValueOrDefault(relation) is { } node
        && _manifest.Find<ModelNode>(node) is { Config.Materialized: Materialization.Cdc };

    private bool IsPlace(string connection, RelationName relation) =>
        _places.TryGetValue(connection, out var places) && places.ContainsKey(relation);
}
