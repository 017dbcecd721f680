using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>
/// Which columns of a model are others whenever it is built, though its rows are the same: <c>now() as loaded_at</c>,
/// <c>_batch_id as batch_id</c>, what is made of such columns of its upstreams, and what is declared <c>volatile</c>. Told from the SQL
/// by name, not from rows. Pure, but for what it remembers.
/// </summary>
/// <param name="marks">The names of columns that tell of the run or the batch which a row came with.</param>
public sealed class RunDependentColumns(
    ProjectManifest manifest,
    IEnumerable<string> marks,
    DateTimeOffset runStartedAt
)
{
    private readonly FrozenSet<string> _marks = marks.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ImmutableHashSet<string>> _known = [];

    // what run_started_at prints begins with its day, whatever its format
    private readonly string _today = runStartedAt.UtcDateTime.ToString(
        "yyyy-MM-dd",
        CultureInfo.InvariantCulture
    );

    /// <returns>Names, in any case.</returns>
    public ImmutableHashSet<string> Of(RelationNode node)
    {
        lock (_known)
            return Find(node);
    }

    private ImmutableHashSet<string> Find(RelationNode node)
    {
        if (_known.TryGetValue(node.UniqueId, out var known))
            return known;
        var found = ImmutableHashSet.CreateBuilder<string>(StringComparer.OrdinalIgnoreCase);
        found.UnionWith(node.Columns.Where(column => column.Volatile).Select(column => column.Name));
        if (node is ModelNode model)
        {
            foreach (var id in model.DependsOn.Where(id => id != model.UniqueId))
            {
                if (manifest.Find<RelationNode>(id) is { } upstream)
                    found.UnionWith(Find(upstream));
            }
            found.UnionWith(OfSql(model, found.ToImmutable()));
        }
        return _known[node.UniqueId] = found.ToImmutable();
    }

    // a name that one common table expression gives is read by the next
    private ImmutableHashSet<string> OfSql(ModelNode model, ImmutableHashSet<string> read)
    {
        var sql = model.Full.Text;
        var items = SelectItems.In(sql).ToList();
        for (var size = -1; size != read.Count; )
        {
            size = read.Count;
            read = read.Union(
                items
                    .Where(item => Depends(sql[item.Span.Start..item.Span.End], model.ReadsClock, read))
                    .Select(item => item.Name)
            );
        }
        return read;
    }

    private bool Depends(string item, bool readsClock, ImmutableHashSet<string> read)
    {
        if (ClockOverride.IsNeeded(item))
            return true;
        for (var lexer = new SqlLexer(item); lexer.TryReadCode(out var token); )
        {
            var text = item.Substring(token.Start, token.Length);
            var depends = token.Kind switch
            {
                SqlTokenKind.Word => IsRead(text),
                SqlTokenKind.QuotedName => IsRead(text[1..^1]),
                SqlTokenKind.String => readsClock && text.StartsWith($"'{_today}", StringComparison.Ordinal),
                _ => false,
            };
            if (depends)
                return true;
        }
        return false;

        bool IsRead(string name) => _marks.Contains(name) || read.Contains(name);
    }
}
