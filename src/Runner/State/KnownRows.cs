using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State;

/// <summary>
/// Which nodes may have rows in the state tables of a connection. A publish looks for no rows of the others, which would be half of
/// its work in a first build. The state changes only under the run's lock, so there is nothing but what was there when the run
/// began and what the run has written since.
/// </summary>
internal sealed class KnownRows
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _nodes;
    private readonly Dictionary<RelationName, HashSet<string>> _published;
    private HashSet<string>? _files;

    public KnownRows(EngineSnapshot snapshot, SqlDialect dialect)
    {
        _nodes = new HashSet<string>(snapshot.Nodes.Keys.Concat(snapshot.Left.Keys), StringComparer.Ordinal);
        _published = new Dictionary<RelationName, HashSet<string>>(dialect.RelationNames);
        foreach (var state in snapshot.Nodes.Values.Concat(snapshot.Left.Values))
            AddRelation(state);
    }

    /// <summary>Whether <see cref="StateTables.Nodes"/> may hold a node or test.</summary>
    public bool MayHold(string node)
    {
        lock (_lock)
            return _nodes.Contains(node);
    }

    /// <summary>Whether the state of another node may name a relation.</summary>
    public bool MayBeOfAnother(string node, RelationName relation)
    {
        lock (_lock)
            return _published.TryGetValue(relation, out var nodes) && nodes.Any(other => other != node);
    }

    /// <summary>Whether <see cref="StateTables.Files"/> or <see cref="RejectedTable"/> may hold anything of a consumer.</summary>
    public bool MayHoldFiles(string consumer)
    {
        lock (_lock)
            return _files is null || _files.Contains(consumer);
    }

    public void Add(NodeState state)
    {
        lock (_lock)
        {
            _nodes.Add(state.NodeId);
            AddRelation(state);
        }
    }

    public void AddFiles(string consumer)
    {
        lock (_lock)
            _files?.Add(consumer);
    }

    /// <summary>Looks whose files are noted; until then, anybody's may be.</summary>
    public async Task ReadFilesAsync(
        IStatements session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"select consumer from {dialect.Quote(StateTables.Files)} union select consumer from {dialect.Quote(RejectedTable.Name)}",
            int.MaxValue,
            cancellationToken
        );
        lock (_lock)
            _files = new HashSet<string>(
                rows.Rows.Select(row => StateValues.Text(row[0])),
                StringComparer.Ordinal
            );
    }

    private void AddRelation(NodeState state)
    {
        if (state.Relation is not { } relation)
            return;
        if (!_published.TryGetValue(relation, out var nodes))
            _published[relation] = nodes = new HashSet<string>(StringComparer.Ordinal);
        nodes.Add(state.NodeId);
    }
}
