using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>What can be told wrong with a rendered query without understanding it.</summary>
internal static class SqlChecks
{
    /// <param name="node">How messages name it: <c>model 'orders'</c>.</param>
    /// <param name="declaration">Where to point when the text has no place.</param>
    public static void CheckQuery(
        SlottedSql sql,
        string node,
        SourceSpan declaration,
        DiagnosticBag diagnostics
    )
    {
        if (sql.HasErrors)
            return;
        var outline = SqlShape.Outline(sql.Text);
        if (outline.Unclosed is { } token)
        {
            var place = PlaceOf(sql, token.Start, 1, declaration);
            diagnostics.Add(SqlDiagnostics.Unclosed(place, NameOf(sql.Text[token.Start])));
            return;
        }
        if (outline.Start < 0 || outline.Start == outline.Semicolon)
        {
            diagnostics.Add(SqlDiagnostics.NoStatement(declaration, node));
            return;
        }
        if (outline.Semicolon < 0)
            return;
        var span = PlaceOf(sql, outline.Semicolon, 1, declaration);
        diagnostics.Add(
            outline.HasMore
                ? SqlDiagnostics.SeveralStatements(span, node)
                : SqlDiagnostics.TrailingSemicolon(span, node)
        );
    }

    /// <summary>Reports the characters that the compiler uses itself.</summary>
    public static void CheckCharacters(SourceText file, DiagnosticBag diagnostics)
    {
        var index = RelationSentinel.IndexOfAny(file.Text);
        if (index >= 0)
            diagnostics.Add(SqlDiagnostics.PrivateUseCharacter(file.Span(index, 1)));
    }

    private static SourceSpan PlaceOf(SlottedSql sql, int offset, int length, SourceSpan declaration)
    {
        if (sql.Map.Find(offset) is not { Span: var span })
            return declaration;
        return span.File.Span(span.Span.Start, Math.Min(length, span.Span.Length));
    }

    private static string NameOf(char first) =>
        first switch
        {
            '"' => "quoted name",
            '/' => "comment",
            _ => "string",
        };
}
