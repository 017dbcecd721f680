using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>Parses <c>[...]</c> and <c>{...}</c>, inside of which new lines do not end a statement.</summary>
internal sealed class CollectionParser(TokenReader reader, ExpressionParser expressions)
{
    public ArrayExpression? ParseArray()
    {
        var open = reader.Next();
        var before = reader.EnterDelimiters();
        var items = new List<Expression>();
        while (reader.Kind != TokenKind.CloseBracket)
        {
            if (expressions.Parse("a value or ']'") is not { } item)
            {
                reader.LeaveDelimiters(before);
                return null;
            }
            items.Add(item);
            if (!reader.TryTake(TokenKind.Comma))
                break;
        }
        reader.LeaveDelimiters(before);
        if (!reader.Close(TokenKind.CloseBracket, "']'", open))
            return null;
        return new ArrayExpression([.. items], TextSpan.FromBounds(open.Start, reader.LastEnd));
    }

    public ObjectExpression? ParseObject()
    {
        var open = reader.Next();
        var before = reader.EnterDelimiters();
        var members = new List<ObjectMember>();
        if (reader is { Kind: TokenKind.OpenBrace, IsAdjacent: true })
            ReportNestedCode();
        while (reader.Kind != TokenKind.CloseBrace)
        {
            if (ParseObjectMember() is not { } member)
            {
                reader.LeaveDelimiters(before);
                return null;
            }
            members.Add(member);
            if (!reader.TryTake(TokenKind.Comma))
                break;
        }
        reader.LeaveDelimiters(before);
        if (!reader.Close(TokenKind.CloseBrace, "'}'", open))
            return null;
        return new ObjectExpression([.. members], TextSpan.FromBounds(open.Start, reader.LastEnd));
    }

    /// <summary>Goes behind <c>{ ... }</c> within <c>{ }</c>: code within code, as nobody means it otherwise.</summary>
    private void ReportNestedCode()
    {
        var (span, found) = (reader.CurrentSpan, reader.Describe(reader.Current));
        var start = reader.Next().End;
        var depth = 1;
        while (depth > 0 && reader.Kind is not (TokenKind.CodeExit or TokenKind.EndOfFile))
        {
            var token = reader.Next();
            depth +=
                token.Kind == TokenKind.OpenBrace ? 1
                : token.Kind == TokenKind.CloseBrace ? -1
                : 0;
        }
        var end = depth == 0 ? reader.Previous.Start : reader.LastEnd;
        var nested = reader.Source.Text[start..end].Trim();
        reader.Report(TemplateDiagnostics.ObjectMemberExpected(span, found, nested));
    }

    private ObjectMember? ParseObjectMember()
    {
        var token = reader.Current;
        if (token.Kind is not (TokenKind.Identifier or TokenKind.String or TokenKind.VerbatimString))
        {
            reader.Report(
                TemplateDiagnostics.ObjectMemberExpected(reader.CurrentSpan, reader.Describe(token))
            );
            return null;
        }
        var name =
            token.Kind == TokenKind.Identifier
                ? reader.TextOf(token).ToString()
                : LiteralParser.DecodeString(reader.Source.Text, token);
        reader.Next();
        if (!reader.TryTake(TokenKind.Colon))
        {
            reader.Report(
                TemplateDiagnostics.Expected(
                    reader.CurrentSpan,
                    $"':' after the member name '{name}'",
                    reader.Describe(reader.Current)
                )
            );
            return null;
        }
        var value = expressions.Parse($"a value for the member '{name}'");
        return value is null
            ? null
            : new ObjectMember(name, value, TextSpan.FromBounds(token.Start, value.Span.End));
    }
}
