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
