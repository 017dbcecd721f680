using System.Collections.Immutable;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Introspection;

/// <summary>
/// One render's conversation with an engine: looks questions up among the answers so far and notes those
/// that have none yet. Used by one thread.
/// </summary>
internal sealed class DatabaseDialogue(SqlLinker linker, ImmutableDictionary<string, DatabaseAnswer> answers)
{
    private readonly List<DatabaseQuestion> _open = [];

    public ImmutableArray<DatabaseQuestion> Open => [.. _open.DistinctBy(question => question.Key)];

    public DatabaseAnswer? Ask(RenderState state, string sql, bool wantsColumns, SourceOrigin origin)
    {
        var map = new SourceMap.Builder();
        map.Add(0, sql.Length, origin, isVerbatim: false);
        var slotted = new SlottedSql(sql, map.Build(), [.. state.Slots]);
        var place = state.Binding.Place;
        var question = new DatabaseQuestion(
            linker.Link(slotted, place.Connection, place.Dialect),
            wantsColumns,
            origin
        );
        if (answers.TryGetValue(question.Key, out var answer))
            return answer;
        _open.Add(question);
        return null;
    }
}
