using System.Text;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>
/// What of a query decides its rows: its tokens, without comments, whatever ASCII white space is between them, and its references by node, so that it
/// does not matter where these live. Strings, quoted names and hints (<c>/*+ ... */</c>) stay as they were written. Queries that give
/// the same text have the same tokens.
/// </summary>
internal static class SqlCode
{
    // what makes one operator if nothing is between: @-, ->>, ::
    private const string OperatorSymbols = "+-*/<>=~!@#%^&|`?:";

    public static string Of(CompiledSql sql)
    {
        var text = sql.Text;
        var references = sql.References;
        var code = new StringBuilder(text.Length);
        SqlToken? before = null;
        var (next, copied) = (0, 0);
        for (var lexer = new SqlLexer(text); lexer.TryRead(out var token); )
        {
            if (token.Kind == SqlTokenKind.Comment && !IsHint(text, token))
                continue;
            // a reference in a comment says nothing
            while (next < references.Length && references[next].Span.End <= Math.Max(token.Start, copied))
                next++;
            // the name of a reference may be several tokens
            if (token.End <= copied)
                continue;
            if (token.Start >= copied)
            {
                if (before is { } last && !(last.End == token.Start && AreOne(text, last, token)))
                    AppendGap(code, text, last, token);
                copied = token.Start;
            }
            // a string may have references in it
            for (; next < references.Length && references[next].Span.Start < token.End; next++)
            {
                var reference = references[next];
                code.Append(text, copied, reference.Span.Start - copied)
                    .Append('\0')
                    .Append(reference.Kind)
                    .Append('\0')
                    .Append(reference.NodeId)
                    .Append(reference.IsWhole ? "\0whole\0" : "\0");
                copied = reference.Span.End;
            }
            if (token.End > copied)
            {
                code.Append(text, copied, token.End - copied);
                copied = token.End;
            }
            before = token;
        }
        return code.ToString();
    }

    /// <summary>
    /// A blank, or the new line by which two strings are one. White space that is not ASCII stays: to Postgres it is a part of names.
    /// </summary>
    private static void AppendGap(StringBuilder code, string text, SqlToken first, SqlToken second)
    {
        var areStrings = first.Kind == SqlTokenKind.String && second.Kind == SqlTokenKind.String;
        code.Append(areStrings && SqlLexer.IsContinued(text, first.End, second.Start) ? '\n' : ' ');
        for (var at = first.End; at < second.Start; at++)
        {
            if (!char.IsAscii(text[at]) && SqlLexer.IsSpace(text[at]))
                code.Append(text[at]);
        }
    }

    private static bool IsHint(string text, SqlToken comment) =>
        comment.Length > 2 && text[comment.Start] == '/' && text[comment.Start + 2] == '+';

    /// <summary>Whether two tokens that stand side by side would be something else apart.</summary>
    private static bool AreOne(string text, SqlToken first, SqlToken second) =>
        second.Kind switch
        {
            SqlTokenKind.Symbol => IsOperator(text, second)
                && (IsOperator(text, first) || IsUnicodePrefix(text, first, second)),
            // x'1f', u&'...'
            SqlTokenKind.String or SqlTokenKind.QuotedName => first.Kind == SqlTokenKind.Word
                || text[first.Start] == '&',
            _ => false,
        };

    // u&'...' is a string, u &'...' is a column and an operator
    private static bool IsUnicodePrefix(string text, SqlToken first, SqlToken second) =>
        text[second.Start] == '&' && first.Length == 1 && text[first.Start] is 'u' or 'U';

    private static bool IsOperator(string text, SqlToken token) =>
        token.Kind == SqlTokenKind.Symbol
        && OperatorSymbols.Contains(text[token.Start], StringComparison.Ordinal);
}
