using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>
/// Which columns of a model are others whenever it is built, though its rows are the same: those that its select list makes of nothing but the
/// clock, chance or the batch (<c>now() as loaded_at</c>, <c>_batch_id as batch_id</c>), those that it passes on from relations which it reads, and what
/// is declared <c>volatile</c>. Told from the SQL, not from rows; a column that reads anything else, or that cannot be followed, is none. Pure, but for
/// what it remembers.
/// </summary>
/// <param name="marks">The names of columns that tell of the run or the batch which a row came with.</param>
public sealed class RunDependentColumns(
    ProjectManifest manifest,
    IEnumerable<string> marks,
    DateTimeOffset runStartedAt
)
{
    private readonly ImmutableHashSet<string> _marks = marks.ToImmutableHashSet(
        StringComparer.OrdinalIgnoreCase
    );
    private readonly Dictionary<string, ImmutableHashSet<string>> _known = [];
    private readonly Dictionary<string, ImmutableHashSet<string>> _passedOn = [];
    private readonly string _today = RunDependentExpression.DayOf(runStartedAt);

    /// <returns>Names, in any case.</returns>
    public ImmutableHashSet<string> Of(RelationNode node)
    {
        lock (_known)
        {
            if (!_known.TryGetValue(node.UniqueId, out var known))
                _known[node.UniqueId] = known = Find(node, takesChance: true);
            return known;
        }
    }

    private ImmutableHashSet<string> PassedOn(RelationNode node)
    {
        if (!_passedOn.TryGetValue(node.UniqueId, out var known))
            _passedOn[node.UniqueId] = known = Find(node, takesChance: false);
        return known;
    }

    private ImmutableHashSet<string> Find(RelationNode node, bool takesChance)
    {
        var declared = node
            .Columns.Where(column => column.Volatile)
            .Select(column => column.Name)
            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        if (node is not ModelNode model)
            return declared.Union(_marks);
        var found = OfSql(model, model.Full, takesChance);
        // its rows come from either
        if (model.Incremental is { } incremental && incremental.Text != model.Full.Text)
            found = found.Intersect(OfSql(model, incremental, takesChance));
        return declared.Union(found);
    }

    private ImmutableHashSet<string> OfSql(ModelNode model, CompiledSql sql, bool takesChance) =>
        SqlTokenTree.Read(sql.Text) is { } tokens
            ? new RunDependentQuery(
                tokens,
                start => OfRelation(sql, start),
                model.ReadsClock ? _today : null,
                takesChance
            ).Columns()
            : [];

    private ImmutableHashSet<string>? OfRelation(CompiledSql sql, int start)
    {
        if (sql.References.FirstOrDefault(one => one.Span.Start == start) is not { } read)
            return null;
        // what stands in the model already came with other runs
        if (read.Kind == ReferenceKind.This || manifest.Find<RelationNode>(read.NodeId) is not { } node)
            return [];
        return read.Kind == ReferenceKind.Changes ? PassedOn(node).Union(_marks) : PassedOn(node);
    }
}
