using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Rows;

/// <summary>
/// Which columns of a model are others whenever it is built, though its rows are the same: those that its select list makes of nothing but the
/// clock, chance or the batch (<c>now() as loaded_at</c>, <c>_batch_id as batch_id</c>), and those of them that it passes on from views and tables, which are
/// made anew as a whole: all rows have the same there. In the rows of an incremental model, a snapshot, a seed or a source such a column stays as it came, and is
/// often all that tells one from another. What is declared <c>volatile</c> is left out where it is declared. Never what rows are grouped by. Told from the SQL,
/// not from rows; a column that reads anything else, or that cannot be followed, is none. Pure, but for what it remembers.
/// </summary>
/// <param name="landingMarks">The names of columns that landed files get, and that tell when they were read.</param>
/// <param name="changeMark">The same of the rows of a change feed.</param>
public sealed class RunDependentColumns(
    ProjectManifest manifest,
    ImmutableArray<string> landingMarks,
    string changeMark,
    DateTimeOffset runStartedAt
)
{
    /// <summary>What columns of a relation that is read count.</summary>
    private enum Scope
    {
        /// <summary>Those that have one value in all rows.</summary>
        Constant,

        /// <summary>Whatever tells when a row came to it.</summary>
        OfAPlace,
    }

    private readonly Dictionary<string, RunDependent> _known = [];
    private readonly Dictionary<(string Id, Scope), ImmutableDictionary<string, string>> _passedOn = [];
    private readonly string _today = RunDependentExpression.DayOf(runStartedAt);

    public RunDependent Of(RelationNode node)
    {
        lock (_known)
        {
            if (!_known.TryGetValue(node.UniqueId, out var known))
                _known[node.UniqueId] = known = Find(node);
            return known;
        }
    }

    private RunDependent Find(RelationNode node)
    {
        var declared = Declared(node);
        if (node is not ModelNode model)
            return new RunDependent(declared, [], declared, []);
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var own = Names(OfModel(model, Scope.Constant, takesChance: true, keys)).Union(declared.Except(keys));
        return new RunDependent(
            own,
            Names(OfModel(model, Scope.Constant, takesChance: false, keys)),
            own.Union(Names(OfModel(model, Scope.OfAPlace, takesChance: true, keys))),
            keys.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase)
        );
    }

    private static ImmutableHashSet<string> Declared(RelationNode node) =>
        node
            .Columns.Where(column => column.Volatile)
            .Select(column => column.Name)
            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    private static ImmutableHashSet<string> Names(ImmutableDictionary<string, string> columns) =>
        columns.Keys.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    private ImmutableDictionary<string, string> OfModel(
        ModelNode model,
        Scope scope,
        bool takesChance,
        HashSet<string> keys
    )
    {
        var found = OfSql(model, model.Full, scope, takesChance, keys);
        if (model.Incremental is not { } incremental || incremental.Text == model.Full.Text)
            return found;
        // its rows come from either, but those of a build from one of them
        var other = OfSql(model, incremental, scope, takesChance, keys);
        return found.RemoveRange(found.Keys.Where(name => !other.ContainsKey(name)));
    }

    private ImmutableDictionary<string, string> OfSql(
        ModelNode model,
        CompiledSql sql,
        Scope scope,
        bool takesChance,
        HashSet<string> keys
    )
    {
        if (SqlTokenTree.Read(sql.Text) is not { } tokens)
            return RunDependentQuery.None;
        var query = new RunDependentQuery(
            tokens,
            start => OfRelation(sql, start, scope),
            model.ReadsClock ? _today : null,
            takesChance
        );
        var columns = query.Columns();
        keys.UnionWith(query.Keys);
        return columns;
    }

    private ImmutableDictionary<string, string>? OfRelation(CompiledSql sql, int start, Scope scope)
    {
        if (sql.References.FirstOrDefault(one => one.Span.Start == start) is not { } read)
            return null;
        // what stands in the model already came with other runs
        if (read.Kind == ReferenceKind.This || manifest.Find<RelationNode>(read.NodeId) is not { } node)
            return RunDependentQuery.None;
        if (read.Kind != ReferenceKind.Changes)
            return PassedOn(node, scope);
        // changes that are read together were made by several builds
        var changes = scope == Scope.OfAPlace ? PassedOn(node, scope) : RunDependentQuery.None;
        return changes.SetItem(changeMark, Origin(node, changeMark, scope));
    }

    private ImmutableDictionary<string, string> PassedOn(RelationNode node, Scope scope)
    {
        if (!_passedOn.TryGetValue((node.UniqueId, scope), out var known))
            _passedOn[(node.UniqueId, scope)] = known = FindPassedOn(node, scope);
        return known;
    }

    private ImmutableDictionary<string, string> FindPassedOn(RelationNode node, Scope scope)
    {
        // chance makes a value once, and from then on it tells rows apart
        var names = node switch
        {
            ModelNode model when scope == Scope.OfAPlace => Declared(node)
                .Union(Names(OfModel(model, scope, takesChance: false, []))),
            ModelNode { Config.Materialized: Materialization.View or Materialization.Ephemeral } model =>
                Names(OfModel(model, scope, takesChance: false, [])),
            // a row that differs in a volatile column alone is left as it is
            ModelNode { Config.Materialized: Materialization.Table } model => Names(
                    OfModel(model, scope, takesChance: false, [])
                )
                .Except(Declared(node)),
            SourceNode { Files: not null } => [.. landingMarks],
            _ when scope == Scope.OfAPlace => Declared(node).Union(landingMarks),
            _ => [],
        };
        return RunDependentQuery.None.SetItems(
            names.Select(name => KeyValuePair.Create(name, Origin(node, name, scope)))
        );
    }

    private static string Origin(RelationNode node, string column, Scope scope) =>
        scope == Scope.OfAPlace ? "came"
        // all that a build reads of files has the same
        : node is SourceNode ? column
        : $"{node.UniqueId}.{column.ToLowerInvariant()}";
}
