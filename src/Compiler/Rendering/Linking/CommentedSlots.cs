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

    /// <summary>A name as it can stand in a comment of either kind.</summary>
    public static string OneLine(string name) =>
        name.Replace('\n', ' ')
            .Replace('\r', ' ')
            .Replace("*/", "* /", StringComparison.Ordinal)
            .Replace("/*", "/ *", StringComparison.Ordinal);

    private static bool MayHaveComments(string text) =>
        text.Contains("--", StringComparison.Ordinal) || text.Contains("/*", StringComparison.Ordinal);
}
