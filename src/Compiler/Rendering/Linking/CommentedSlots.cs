using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>Sentinels in comments: what is put in their place must not end the comment.</summary>
internal static class CommentedSlots
{
    private static readonly HashSet<int> s_none = [];

    /// <summary>Where the sentinels of a text stand that are in comments.</summary>
    public static HashSet<int> Find(string text)
    {
        if (RelationSentinel.IndexOfAny(text) < 0 || !MayHaveComments(text))
            return s_none;
        var found = new HashSet<int>();
        for (var lexer = new SqlLexer(text); lexer.TryRead(out var token); )
        {
            if (token.Kind != SqlTokenKind.Comment)
                continue;
            for (
                var at = RelationSentinel.IndexOfAny(text, token.Start);
                at >= 0 && at < token.End;
                at = RelationSentinel.IndexOfAny(text, at + 1)
            )
                found.Add(at);
        }
        return found;
    }

    /// <summary>The slots of a text that do not stand in comments alone, where a name is nothing but a word.</summary>
    public static IEnumerable<RelationSlot> Without(SlottedSql sql)
    {
        var comments = Find(sql.Text);
        if (comments.Count == 0)
            return sql.Slots;
        var commented = new HashSet<int>();
        var read = new HashSet<int>();
        for (
            var at = RelationSentinel.IndexOfAny(sql.Text);
            at >= 0;
            at = RelationSentinel.IndexOfAny(sql.Text, at + 1)
        )
        {
            if (RelationSentinel.TryRead(sql.Text, at, out var number, out _))
                (comments.Contains(at) ? commented : read).Add(number);
        }
        return sql.Slots.Where((_, number) => !commented.Contains(number) || read.Contains(number));
    }

    /// <summary>A name as it can stand in a comment of either kind.</summary>
    public static string OneLine(string name) =>
        name.Replace('\n', ' ')
            .Replace('\r', ' ')
            .Replace("*/", "* /", StringComparison.Ordinal)
            .Replace("/*", "/ *", StringComparison.Ordinal);

    private static bool MayHaveComments(string text) =>
        text.Contains("--", StringComparison.Ordinal) || text.Contains("/*", StringComparison.Ordinal);
}
