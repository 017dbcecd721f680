using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>Parses what defines a function: <c>func f(a, b = 1, rest...)</c>, <c>f(x) = x * 2</c>, <c>do ... end</c>.</summary>
internal sealed class FunctionParser(TokenReader reader, StatementParser statements)
{
    /// <summary>Whether <c>name(...) =</c> stands here: an inline function, not a call.</summary>
    public bool IsInlineDefinition()
    {
        if (reader.Kind is not (TokenKind.Identifier or TokenKind.Local))
            return false;
        var open = reader.Peek();
        if (open.Kind != TokenKind.OpenParen || open.Start != reader.Current.End)
            return false;
        var depth = 0;
        for (var ahead = 1; ; ahead++)
        {
            switch (reader.Peek(ahead).Kind)
            {
                case TokenKind.OpenParen:
                    depth++;
                    break;
                case TokenKind.CloseParen when --depth == 0:
                    return reader.Peek(ahead + 1).Kind == TokenKind.Assign;
                case TokenKind.EndOfFile or TokenKind.CodeExit or TokenKind.Semicolon:
                    return false;
            }
        }
    }

    public Statement? ParseInline()
    {
        var token = reader.Next();
        var target = CreateTarget(token);
        var parameters = ParseParameters();
        reader.TryTake(TokenKind.Assign);
        var result = statements.Expressions.Parse("an expression after '='");
        if (target is null || parameters is null || result is null)
            return null;
        var span = TextSpan.FromBounds(token.Start, result.Span.End);
        var definition = new FunctionDefinition(NameOf(target), target.Span, parameters, null, result, span);
        return new FunctionStatement(target, definition, span);
    }

    public Statement? ParseFunction(Token keyword)
    {
        var token = reader.Current;
        Expression? target = null;
        if (token.Kind is TokenKind.Identifier or TokenKind.Local)
        {
            reader.Next();
            target = CreateTarget(token);
        }
        if (target is null)
        {
            reader.Report(
                TemplateDiagnostics.Expected(
                    reader.SpanOf(token),
                    "a name after 'func'",
                    reader.Describe(token)
                )
            );
            reader.SkipToEndOfStatement();
        }
        var hasParameters = target is not null && reader.Kind == TokenKind.OpenParen;
        var parameters = hasParameters ? ParseParameters() : null;
        if (hasParameters && parameters is null)
            reader.SkipToEndOfStatement();
        var body = statements.ParseBody(keyword, "func");
        if (target is null || (hasParameters && parameters is null))
            return null;
        var span = TextSpan.FromBounds(keyword.Start, reader.LastEnd);
        var definition = new FunctionDefinition(NameOf(target), target.Span, parameters, body, null, span);
        return new FunctionStatement(target, definition, span);
    }

    public FunctionExpression? ParseAnonymous(Token keyword)
    {
        var before = reader.EnterBlock();
        var parameters = reader.Kind == TokenKind.OpenParen && reader.IsAdjacent ? ParseParameters() : null;
        var body = statements.ParseBody(keyword, "do");
        reader.LeaveDelimiters(before);
        var span = TextSpan.FromBounds(keyword.Start, reader.LastEnd);
        return new FunctionExpression(
            new FunctionDefinition(
                null,
                new TextSpan(keyword.Start, keyword.Length),
                parameters,
                body,
                null,
                span
            ),
            span
        );
    }

    private Expression? CreateTarget(Token token)
    {
        var span = new TextSpan(token.Start, token.Length);
        var text = reader.TextOf(token);
        if (token.Kind == TokenKind.Identifier)
            return new VariableExpression(text.ToString(), span);
        return text is "$" or "$$" ? null : new LocalExpression(text[1..].ToString(), span);
    }

    private static string NameOf(Expression target) =>
        target is LocalExpression local ? local.Name : ((VariableExpression)target).Name;

    private ParameterDefinition[]? ParseParameters()
    {
        var open = reader.Next();
        var before = reader.EnterDelimiters();
        var parameters = new List<ParameterDefinition>();
        var isValid = true;
        while (isValid && reader.Kind != TokenKind.CloseParen)
        {
            if (ParseParameter(parameters) is { } parameter)
                parameters.Add(parameter);
            else
                isValid = false;
            if (!reader.TryTake(TokenKind.Comma))
                break;
        }
        reader.LeaveDelimiters(before);
        if (!isValid)
            return null;
        if (reader.TryTake(TokenKind.CloseParen))
            return [.. parameters];
        reader.Report(
            TemplateDiagnostics.DelimiterNotClosed(
                reader.CurrentSpan,
                "')'",
                reader.Describe(reader.Current),
                reader.SpanOf(open)
            )
        );
        return null;
    }

    private ParameterDefinition? ParseParameter(List<ParameterDefinition> before)
    {
        var token = reader.Current;
        if (
            token.Kind is not (TokenKind.Identifier or TokenKind.Local)
            || CreateTarget(token) is not { } target
        )
        {
            reader.Report(
                TemplateDiagnostics.Expected(reader.CurrentSpan, "a parameter name", reader.Describe(token))
            );
            return null;
        }
        reader.Next();
        var name = NameOf(target);
        var isVariadic = reader.TryTake(TokenKind.DotDotDot);
        Expression? @default = null;
        if (!isVariadic && reader.TryTake(TokenKind.Assign))
        {
            @default = statements.Expressions.Parse("a default value");
            if (@default is null)
                return null;
            if (!IsConstant(@default))
                reader.Report(
                    TemplateDiagnostics.DefaultNotConstant(reader.Source.Span(@default.Span), name)
                );
        }
        var parameter = new ParameterDefinition(
            name,
            @default,
            isVariadic,
            new TextSpan(token.Start, token.Length)
        );
        CheckOrder(parameter, before);
        return parameter;
    }

    private void CheckOrder(ParameterDefinition parameter, List<ParameterDefinition> before)
    {
        var span = reader.Source.Span(parameter.Span);
        if (before.Exists(other => other.Name == parameter.Name))
            reader.Report(TemplateDiagnostics.DuplicateParameter(span, parameter.Name));
        else if (before.Exists(other => other.IsVariadic))
            reader.Report(TemplateDiagnostics.ParameterAfterVariadic(span, parameter.Name));
        else if (parameter.IsRequired && before.Exists(other => other.Default is not null))
            reader.Report(TemplateDiagnostics.RequiredParameterAfterOptional(span, parameter.Name));
    }

    private static bool IsConstant(Expression expression) =>
        expression switch
        {
            LiteralExpression => true,
            UnaryExpression { Operator: UnaryOperator.Negate or UnaryOperator.Plus } unary => IsConstant(
                unary.Operand
            ),
            NestedExpression nested => IsConstant(nested.Inner),
            ArrayExpression array => Array.TrueForAll(array.Items, IsConstant),
            ObjectExpression @object => Array.TrueForAll(@object.Members, member => IsConstant(member.Value)),
            _ => false,
        };
}
