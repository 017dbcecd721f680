using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// Parses blocks and statements. After a mistake it goes on with the next statement, so that one run
/// reports all mistakes of a file.
/// </summary>
internal sealed class StatementParser
{
    private static readonly LiteralExpression s_missing = new(null, default);

    private readonly TokenReader _reader;
    private readonly FunctionParser _functions;

    public StatementParser(TokenReader reader)
    {
        _reader = reader;
        _functions = new FunctionParser(reader, this);
        Expressions = new ExpressionParser(reader, _functions.ParseAnonymous);
    }

    public ExpressionParser Expressions { get; }

    public Block ParseTemplate()
    {
        var statements = new List<Statement>();
        while (true)
        {
            ParseStatements(statements, isTopLevel: true);
            if (_reader.Kind == TokenKind.EndOfFile)
                return new Block([.. statements], new TextSpan(0, _reader.Source.Length));
            ReportMisplaced(_reader.Current);
        }
    }

    /// <summary>The statements up to <c>end</c>, which is read too; reports its absence at the opening.</summary>
    public Block ParseBody(Token opening, string keyword)
    {
        var statements = new List<Statement>();
        var start = _reader.LastEnd;
        while (true)
        {
            ParseStatements(statements, isTopLevel: false);
            if (_reader.Kind == TokenKind.EndOfFile)
            {
                ReportNotClosed(opening, keyword);
                break;
            }
            if (_reader.IsWord("end"))
            {
                _reader.Next();
                break;
            }
            ReportMisplaced(_reader.Current);
        }
        return new Block([.. statements], TextSpan.FromBounds(start, Math.Max(start, _reader.LastEnd)));
    }

    /// <summary>The statements up to <c>end</c>, <c>else</c> or <c>when</c>, which are left to be read.</summary>
    private Block ParseSection()
    {
        var statements = new List<Statement>();
        var start = _reader.LastEnd;
        ParseStatements(statements, isTopLevel: false);
        return new Block([.. statements], TextSpan.FromBounds(start, Math.Max(start, _reader.LastEnd)));
    }

    private void ParseStatements(List<Statement> statements, bool isTopLevel)
    {
        if (!_reader.TryEnter())
            return;
        var isIndented = false;
        while (true)
        {
            var token = _reader.Current;
            switch (token.Kind)
            {
                case TokenKind.EndOfFile:
                    _reader.Leave();
                    return;
                case TokenKind.Raw:
                    _reader.Next();
                    statements.Add(new TextStatement(new TextSpan(token.Start, token.Length)));
                    break;
                case TokenKind.CodeEnter:
                    _reader.Next();
                    if (token.Extra > 0)
                    {
                        isIndented = true;
                        var indent = new TextSpan(token.Start - token.Extra, token.Extra);
                        statements.Add(new IndentStatement(StatementKind.IndentStart, indent));
                    }
                    break;
                case TokenKind.CodeExit:
                    _reader.Next();
                    if (isIndented)
                        statements.Add(new IndentStatement(StatementKind.IndentEnd, default));
                    isIndented = false;
                    break;
                case TokenKind.NewLine or TokenKind.Semicolon:
                    _reader.Next();
                    break;
                case TokenKind.Identifier when IsBlockEnd():
                    _reader.Leave();
                    return;
                default:
                    if (ParseStatement() is { } statement)
                        statements.Add(statement);
                    else
                        _reader.SkipToEndOfStatement();
                    ExpectEndOfStatement();
                    break;
            }
        }
    }

    private bool IsBlockEnd() =>
        _reader.IsWord("end") || _reader.IsWord("else") || _reader.IsWord("when") || IsMisspelledElseIf();

    /// <summary>The lenient mode reads these words as calls, which silently drops the branch.</summary>
    private bool IsMisspelledElseIf() =>
        !_reader.Options.IsLenient
        && (_reader.IsWord("elseif") || _reader.IsWord("elsif") || _reader.IsWord("elif"));

    private void ExpectEndOfStatement()
    {
        switch (_reader.Kind)
        {
            case TokenKind.NewLine or TokenKind.Semicolon or TokenKind.CodeExit or TokenKind.EndOfFile:
                return;
            case TokenKind.Identifier when IsBlockEnd():
                return;
        }
        _reader.Report(
            TemplateDiagnostics.EndOfStatementExpected(_reader.CurrentSpan, _reader.Describe(_reader.Current))
        );
        _reader.Next();
        _reader.SkipToEndOfStatement();
    }

    /// <summary>The opening is where to look. (The reference points at the end.)</summary>
    private void ReportNotClosed(Token opening, string keyword)
    {
        var place = _reader.Options.IsLenient ? _reader.Previous : opening;
        _reader.Report(TemplateDiagnostics.BlockNotClosed(_reader.SpanOf(place), keyword));
    }

    /// <summary>An <c>end</c>, <c>else</c> or <c>when</c> that belongs to nothing.</summary>
    private void ReportMisplaced(Token token)
    {
        var word = _reader.TextOf(token).ToString();
        _reader.Report(
            word == "end"
                ? TemplateDiagnostics.EndWithoutBlock(_reader.SpanOf(token))
                : TemplateDiagnostics.MisplacedBranch(_reader.SpanOf(token), word)
        );
        _reader.Next();
        if (word != "end")
            _reader.SkipToEndOfStatement();
    }

    private Statement? ParseStatement()
    {
        var token = _reader.Current;
        // `for.index` and the like are expressions
        if (token.Kind != TokenKind.Identifier || _reader.Peek().Kind == TokenKind.Dot)
            return ParseExpressionStatement();
        switch (_reader.TextOf(token))
        {
            case "if":
                return ParseIf(_reader.Next());
            case "case":
                return ParseCase(_reader.Next());
            case "for":
                return ParseFor(_reader.Next(), isTableRow: false);
            case "tablerow":
                return ParseFor(_reader.Next(), isTableRow: true);
            case "while":
                return ParseWhile(_reader.Next());
            case "func":
                return _functions.ParseFunction(_reader.Next());
            case "capture":
                return ParseCapture(_reader.Next());
            case "with":
                return ParseWith(_reader.Next());
            case "wrap":
                return ParseWrap(_reader.Next());
            case "break":
                _reader.Next();
                return new JumpStatement(StatementKind.Break, new TextSpan(token.Start, token.Length));
            case "continue":
                _reader.Next();
                return new JumpStatement(StatementKind.Continue, new TextSpan(token.Start, token.Length));
            case "ret":
                return ParseReturn(_reader.Next());
            case "readonly":
                return ParseReadonly(_reader.Next());
            case "import":
                return ParseOperand(_reader.Next(), StatementKind.Import, "an object after 'import'");
            default:
                return ParseExpressionStatement();
        }
    }

    private Statement? ParseExpressionStatement()
    {
        if (_functions.IsInlineDefinition())
            return _functions.ParseInline();
        var target = Expressions.Parse("a statement");
        if (target is null)
            return null;
        var token = _reader.Current;
        if (!BinaryOperators.TryGetAssignment(token.Kind, out var @operator))
            return new ExpressionStatement(target);
        if (!ExpressionParser.IsAssignable(target))
            _reader.Report(TemplateDiagnostics.InvalidAssignmentTarget(_reader.Source.Span(target.Span)));
        _reader.Next();
        var value = ParseCondition($"an expression after '{_reader.TextOf(token)}'");
        if (value is null)
            return null;
        var operatorSpan = new TextSpan(token.Start, token.Length);
        return new AssignStatement(target, @operator, operatorSpan, value, target.Span.Union(value.Span));
    }

    /// <summary>An expression behind which an equals sign is the common slip of writing = for ==.</summary>
    private Expression? ParseCondition(string expecting)
    {
        var expression = Expressions.Parse(expecting);
        if (expression is null || !BinaryOperators.TryGetAssignment(_reader.Kind, out _))
            return expression;
        _reader.Report(TemplateDiagnostics.AssignmentNotAllowed(_reader.Source.Span(expression.Span)));
        _reader.SkipToEndOfStatement();
        return expression;
    }

    private Expression ParseHeader(string expecting)
    {
        var expression = ParseCondition(expecting);
        if (expression is null)
            _reader.SkipToEndOfStatement();
        else
            ExpectEndOfStatement();
        return expression ?? s_missing;
    }

    private IfStatement ParseIf(Token keyword)
    {
        var condition = ParseHeader("a condition after 'if'");
        var then = ParseSection();
        var @else = ParseElse(keyword, "if");
        return new IfStatement(condition, then, @else, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    /// <summary>What follows the first section of an if: other branches, and the end.</summary>
    private Block? ParseElse(Token opening, string owner)
    {
        var token = _reader.Current;
        if (_reader.Kind == TokenKind.EndOfFile)
        {
            ReportNotClosed(opening, owner);
            return null;
        }
        if (_reader.TryTakeWord("end"))
            return null;
        if (IsMisspelledElseIf())
        {
            var word = _reader.TextOf(_reader.Next()).ToString();
            _reader.Report(TemplateDiagnostics.MisspelledElseIf(_reader.SpanOf(token), word));
            return ParseElseIf(token, opening, owner);
        }
        if (!_reader.TryTakeWord("else"))
        {
            ReportMisplaced(token);
            ParseSection();
            return ParseElse(opening, owner);
        }
        if (owner == "if" && _reader.IsWord("if"))
            return ParseElseIf(_reader.Next(), opening, owner);
        var block = ParseSection();
        if (_reader.TryTakeWord("end"))
            return block;
        // the lenient mode reads on, and nobody ever gets there
        if (!_reader.Options.IsLenient && _reader.IsWord("else"))
            _reader.Report(TemplateDiagnostics.MisplacedBranch(_reader.SpanOf(_reader.Current), "else"));
        ParseElse(opening, owner);
        return block;
    }

    private Block? ParseElseIf(Token keyword, Token opening, string owner)
    {
        if (!_reader.TryEnter())
            return null;
        var condition = ParseHeader("a condition after 'else if'");
        var then = ParseSection();
        var @else = ParseElse(opening, owner);
        _reader.Leave();
        var span = TextSpan.FromBounds(keyword.Start, Math.Max(keyword.Start, _reader.LastEnd));
        return new Block([new IfStatement(condition, then, @else, span)], span);
    }

    private CaseStatement ParseCase(Token keyword)
    {
        var value = ParseHeader("an expression after 'case'");
        var whens = new List<WhenClause>();
        Block? @else = null;
        while (true)
        {
            SkipToWhen();
            var token = _reader.Current;
            if (_reader.Kind == TokenKind.EndOfFile)
            {
                ReportNotClosed(keyword, "case");
                break;
            }
            if (_reader.TryTakeWord("end"))
                break;
            if (_reader.IsWord("else") && whens.Count > 0 && @else is null)
            {
                _reader.Next();
                @else = ParseSection();
            }
            else if (_reader.TryTakeWord("when"))
            {
                whens.Add(ParseWhen(token));
            }
            else
            {
                ReportMisplaced(token);
                ParseSection();
            }
        }
        return new CaseStatement(
            value,
            [.. whens],
            @else,
            TextSpan.FromBounds(keyword.Start, _reader.LastEnd)
        );
    }

    /// <summary>Between <c>case</c> and its first <c>when</c> there may be white space and nothing else.</summary>
    private void SkipToWhen()
    {
        while (true)
        {
            var token = _reader.Current;
            switch (token.Kind)
            {
                case TokenKind.NewLine or TokenKind.Semicolon or TokenKind.CodeEnter or TokenKind.CodeExit:
                    _reader.Next();
                    break;
                case TokenKind.EndOfFile:
                case TokenKind.Identifier when IsBlockEnd():
                    return;
                case TokenKind.Raw when _reader.TextOf(token).IsWhiteSpace():
                    _reader.Next();
                    break;
                default:
                    _reader.Report(
                        TemplateDiagnostics.UnexpectedInCase(
                            _reader.SpanOf(token),
                            token.Kind == TokenKind.Raw ? "text" : _reader.Describe(token)
                        )
                    );
                    _reader.Next();
                    _reader.SkipToEndOfStatement();
                    break;
            }
        }
    }

    private WhenClause ParseWhen(Token keyword)
    {
        var values = new List<Expression>();
        do
        {
            if (Expressions.ParseAlternative() is { } value)
            {
                values.Add(value);
                continue;
            }
            _reader.SkipToEndOfStatement();
            break;
        } while (_reader.TryTake(TokenKind.Comma) || _reader.TryTake(TokenKind.OrOr));
        ExpectEndOfStatement();
        var body = ParseSection();
        return new WhenClause([.. values], body, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    private ForStatement ParseFor(Token keyword, bool isTableRow)
    {
        var word = isTableRow ? "tablerow" : "for";
        var variable = ParseLoopVariable(word);
        Expression? items = null,
            offset = null,
            limit = null,
            columns = null;
        var isReversed = false;
        if (variable is not null && TakeIn(word))
            items = Expressions.ParseLoopItems($"the items of the loop after 'in'");
        while (items is not null && Expressions.IsLoopParameter(_reader.Current))
        {
            var name = _reader.TextOf(_reader.Next()).ToString();
            if (name == "reversed")
            {
                isReversed = true;
                continue;
            }
            _reader.Next();
            var value = Expressions.ParseLoopParameter();
            (offset, limit, columns) = name switch
            {
                "offset" => (value, limit, columns),
                "limit" => (offset, value, columns),
                _ => (offset, limit, value),
            };
        }
        if (items is null)
            _reader.SkipToEndOfStatement();
        else
            ExpectEndOfStatement();
        var body = ParseSection();
        var @else = ParseElse(keyword, word);
        var span = TextSpan.FromBounds(keyword.Start, _reader.LastEnd);
        return new ForStatement(variable ?? s_missing, items ?? s_missing, body, @else, span)
        {
            Offset = offset,
            Limit = limit,
            Columns = columns,
            IsReversed = isReversed,
            IsTableRow = isTableRow,
        };
    }

    private bool TakeIn(string word)
    {
        if (_reader.TryTakeWord("in"))
            return true;
        _reader.Report(
            TemplateDiagnostics.Expected(
                _reader.CurrentSpan,
                $"'in' after the variable of '{word}'",
                _reader.Describe(_reader.Current),
                _reader.Kind == TokenKind.Comma
                    ? "write one variable: of an object it has '.key' and '.value'"
                    : null
            )
        );
        return false;
    }

    private Expression? ParseLoopVariable(string word)
    {
        var variable = _reader.Kind is TokenKind.Identifier or TokenKind.Local
            ? Expressions.ParseTarget($"a variable after '{word}'")
            : null;
        if (variable is VariableExpression or LocalExpression)
            return variable;
        _reader.Report(
            TemplateDiagnostics.Expected(
                _reader.CurrentSpan,
                $"a variable after '{word}'",
                _reader.Describe(_reader.Current)
            )
        );
        return null;
    }

    private WhileStatement ParseWhile(Token keyword)
    {
        var condition = ParseHeader("a condition after 'while'");
        var body = ParseBody(keyword, "while");
        return new WhileStatement(condition, body, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    private ReturnStatement ParseReturn(Token keyword)
    {
        Expression? value = null;
        if (
            _reader.Kind
            is not (TokenKind.NewLine or TokenKind.Semicolon or TokenKind.CodeExit or TokenKind.EndOfFile)
        )
        {
            value = Expressions.Parse("a value after 'ret'");
            if (value is null)
                _reader.SkipToEndOfStatement();
        }
        return new ReturnStatement(value, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    private CaptureStatement ParseCapture(Token keyword)
    {
        var target = ParseHeader("a variable after 'capture'");
        if (target != s_missing && !ExpressionParser.IsAssignable(target))
            _reader.Report(TemplateDiagnostics.InvalidAssignmentTarget(_reader.Source.Span(target.Span)));
        var body = ParseBody(keyword, "capture");
        return new CaptureStatement(target, body, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    private WithStatement ParseWith(Token keyword)
    {
        var target = ParseHeader("an object after 'with'");
        var body = ParseBody(keyword, "with");
        return new WithStatement(target, body, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    private WrapStatement ParseWrap(Token keyword)
    {
        var call = ParseHeader("a function after 'wrap'");
        var body = ParseBody(keyword, "wrap");
        return new WrapStatement(call, body, TextSpan.FromBounds(keyword.Start, _reader.LastEnd));
    }

    private OperandStatement? ParseReadonly(Token keyword)
    {
        var statement = ParseOperand(keyword, StatementKind.Readonly, "a variable after 'readonly'");
        if (statement is { Operand: not (VariableExpression or LocalExpression) })
        {
            _reader.Report(
                TemplateDiagnostics.InvalidAssignmentTarget(_reader.Source.Span(statement.Operand.Span))
            );
        }
        return statement;
    }

    private OperandStatement? ParseOperand(Token keyword, StatementKind kind, string expecting)
    {
        var operand = Expressions.Parse(expecting);
        return operand is null
            ? null
            : new OperandStatement(kind, operand, TextSpan.FromBounds(keyword.Start, operand.Span.End));
    }
}
