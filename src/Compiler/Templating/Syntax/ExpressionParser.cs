using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// Parses expressions by precedence climbing. A null result means that the mistake has been reported.
/// </summary>
internal sealed class ExpressionParser
{
    private const int ConditionalPrecedence = 1;
    private const int ArgumentPrecedence = 2;
    private const int UnaryPrecedence = 11;

    private readonly TokenReader _reader;
    private readonly LiteralParser _literals;
    private readonly CollectionParser _collections;
    private readonly Func<Token, FunctionExpression?> _parseAnonymousFunction;

    public ExpressionParser(TokenReader reader, Func<Token, FunctionExpression?> parseAnonymousFunction)
    {
        _reader = reader;
        _parseAnonymousFunction = parseAnonymousFunction;
        _literals = new LiteralParser(reader, () => Parse("a value"));
        _collections = new CollectionParser(reader, this);
    }

    [Flags]
    private enum Mode
    {
        None = 0,

        /// <summary>An argument: words behind it are further arguments, not arguments of it; pipes end it.</summary>
        Argument = 1,

        /// <summary>The middle of <c>a ? b : c</c>, where a colon names nothing.</summary>
        NoNamedArguments = 2,

        /// <summary>The items of a for loop, where <c>offset:</c>, <c>limit:</c> and <c>reversed</c> belong to the loop.</summary>
        LoopItems = 4,
    }

    /// <summary>A whole expression, pipes included.</summary>
    /// <param name="expecting">What the message says is missing where no expression begins.</param>
    public Expression? Parse(string expecting) => Parse(0, Mode.None, expecting);

    public Expression? ParseLoopItems(string expecting) => Parse(0, Mode.LoopItems, expecting);

    /// <summary>A name with members and indexes, without taking the words behind it for arguments.</summary>
    public Expression? ParseTarget(string expecting) => Parse(UnaryPrecedence, Mode.Argument, expecting);

    /// <summary>One of the values of <c>when a, b || c</c>.</summary>
    public Expression? ParseAlternative() => Parse(4, Mode.None, "a value after 'when'");

    /// <summary>The value of a loop parameter, such as the 2 of <c>limit: 2</c>.</summary>
    public Expression? ParseLoopParameter() =>
        Parse(ArgumentPrecedence, Mode.Argument | Mode.LoopItems, "a number");

    private Expression? Parse(int minimum, Mode mode, string expecting)
    {
        if (!_reader.TryEnter())
            return null;
        try
        {
            var left = ParseOperand(mode, expecting);
            return left is null ? null : ParseRest(left, minimum, mode);
        }
        finally
        {
            _reader.Leave();
        }
    }

    private Expression? ParseRest(Expression left, int minimum, Mode mode)
    {
        while (true)
        {
            SkipNewLinesBeforePipe(mode);
            var token = _reader.Current;
            if (token.Kind == TokenKind.Pipe)
            {
                if (minimum > 0 || mode.HasFlag(Mode.Argument))
                    return left;
                if (ParsePipe(left, mode) is not { } pipe)
                    return null;
                left = pipe;
            }
            else if (token.Kind == TokenKind.Question)
            {
                if (minimum > ConditionalPrecedence)
                    return left;
                if (ParseConditional(left, mode) is not { } conditional)
                    return null;
                left = conditional;
            }
            else if (BinaryOperators.TryGet(token.Kind, out var binary, out var precedence))
            {
                if (precedence < minimum)
                    return left;
                _reader.Next();
                if (!_reader.Options.IsLenient)
                    _reader.SkipNewLines();
                var right = Parse(precedence + 1, mode, $"an expression after '{_reader.TextOf(token)}'");
                if (right is null)
                    return null;
                left = new BinaryExpression(
                    binary,
                    new TextSpan(token.Start, token.Length),
                    left,
                    right,
                    left.Span.Union(right.Span)
                );
            }
            else
            {
                return left;
            }
        }
    }

    /// <summary>Outside of the lenient mode a line may begin with the pipe.</summary>
    private void SkipNewLinesBeforePipe(Mode mode)
    {
        if (
            _reader.Options.IsLenient
            || mode.HasFlag(Mode.Argument)
            || _reader.Kind != TokenKind.NewLine
            || _reader.Peek().Kind != TokenKind.Pipe
        )
        {
            return;
        }
        _reader.Next();
    }

    private PipeExpression? ParsePipe(Expression value, Mode mode)
    {
        _reader.Next();
        _reader.SkipNewLines();
        var function = ParseOperand(mode & ~Mode.NoNamedArguments, "a function after '|'");
        return function is null ? null : new PipeExpression(value, function, value.Span.Union(function.Span));
    }

    private ConditionalExpression? ParseConditional(Expression condition, Mode mode)
    {
        _reader.Next();
        var whenTrue = Parse(0, mode | Mode.NoNamedArguments, "an expression after '?'");
        if (whenTrue is null)
            return null;
        if (!_reader.TryTake(TokenKind.Colon))
        {
            _reader.Report(
                TemplateDiagnostics.Expected(_reader.CurrentSpan, "':'", _reader.Describe(_reader.Current))
            );
            return null;
        }
        var whenFalse = Parse(ConditionalPrecedence, mode, "an expression after ':'");
        return whenFalse is null
            ? null
            : new ConditionalExpression(condition, whenTrue, whenFalse, condition.Span.Union(whenFalse.Span));
    }

    /// <summary>A primary expression with its members, indexes and calls, and the arguments that follow it.</summary>
    private Expression? ParseOperand(Mode mode, string expecting)
    {
        var operand = ParseUnary(mode, expecting);
        if (operand is null || mode.HasFlag(Mode.Argument) || !StartsArgument(mode))
            return operand;
        return ParseArgumentList(operand, mode);
    }

    private Expression? ParseUnary(Mode mode, string expecting)
    {
        var token = _reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Not:
                return ParseUnary(UnaryOperator.Not, mode);
            case TokenKind.Minus:
                return ParseUnary(UnaryOperator.Negate, mode);
            case TokenKind.Plus:
                return ParseUnary(UnaryOperator.Plus, mode);
            case TokenKind.At:
                return ParseUnary(UnaryOperator.Alias, mode);
            case TokenKind.Caret:
                return ParseUnary(UnaryOperator.Spread, mode);
            case TokenKind.PlusPlus or TokenKind.MinusMinus:
                _reader.Next();
                var target = ParsePostfix(mode, "a variable");
                return target is null ? null : CreateStep(target, token, isPrefix: true);
            default:
                var operand = ParsePostfix(mode, expecting);
                if (operand is not null && _reader.Kind is TokenKind.PlusPlus or TokenKind.MinusMinus)
                    return operand is null ? null : CreateStep(operand, _reader.Next(), isPrefix: false);
                return operand;
        }
    }

    private UnaryExpression? ParseUnary(UnaryOperator @operator, Mode mode)
    {
        var token = _reader.Next();
        // an alias or a spread is of a name, so that what follows it is the next argument
        var operandMode = @operator is UnaryOperator.Alias or UnaryOperator.Spread
            ? mode | Mode.Argument
            : mode;
        var operand = Parse(UnaryPrecedence, operandMode, $"an expression after '{_reader.TextOf(token)}'");
        return operand is null
            ? null
            : new UnaryExpression(@operator, operand, TextSpan.FromBounds(token.Start, operand.Span.End));
    }

    private StepExpression? CreateStep(Expression target, Token token, bool isPrefix)
    {
        var span = target.Span.Union(new TextSpan(token.Start, token.Length));
        if (!IsAssignable(target))
        {
            _reader.Report(TemplateDiagnostics.InvalidAssignmentTarget(_reader.Source.Span(target.Span)));
            return null;
        }
        return new StepExpression(target, token.Kind == TokenKind.PlusPlus ? 1 : -1, isPrefix, span);
    }

    public static bool IsAssignable(Expression target) =>
        target.Kind
            is ExpressionKind.Variable
                or ExpressionKind.Local
                or ExpressionKind.Member
                or ExpressionKind.Index;

    private Expression? ParsePostfix(Mode mode, string expecting)
    {
        var left = ParsePrimary(expecting);
        while (left is not null)
        {
            switch (_reader.Kind)
            {
                case TokenKind.Dot or TokenKind.QuestionDot:
                    left = ParseMember(left);
                    break;
                case TokenKind.OpenBracket when _reader.IsAdjacent && CanIndex(left):
                    left = ParseIndex(left);
                    break;
                case TokenKind.OpenParen when _reader.IsAdjacent && CanCall(left):
                    left = ParseParenthesizedCall(left);
                    break;
                default:
                    return left;
            }
        }
        return null;
    }

    private bool CanIndex(Expression left) =>
        !_reader.Options.IsLenient || left.Kind is not (ExpressionKind.Array or ExpressionKind.Object);

    private static bool CanCall(Expression left) =>
        left.Kind
            is ExpressionKind.Variable
                or ExpressionKind.Local
                or ExpressionKind.Member
                or ExpressionKind.Index
                or ExpressionKind.Call
                or ExpressionKind.BlockDelegate;

    private MemberExpression? ParseMember(Expression target)
    {
        var isOptional = _reader.Next().Kind == TokenKind.QuestionDot;
        var token = _reader.Current;
        if (token.Kind != TokenKind.Identifier)
        {
            _reader.Report(
                TemplateDiagnostics.Expected(
                    _reader.CurrentSpan,
                    "a member name after '.'",
                    _reader.Describe(token)
                )
            );
            return null;
        }
        _reader.Next();
        return new MemberExpression(
            target,
            _reader.TextOf(token).ToString(),
            new TextSpan(token.Start, token.Length),
            isOptional,
            TextSpan.FromBounds(target.Span.Start, token.End)
        );
    }

    private IndexExpression? ParseIndex(Expression target)
    {
        var open = _reader.Next();
        var before = _reader.EnterDelimiters();
        var index = Parse("an index after '['");
        _reader.LeaveDelimiters(before);
        if (index is null || !_reader.Close(TokenKind.CloseBracket, "']'", open))
            return null;
        return new IndexExpression(target, index, TextSpan.FromBounds(target.Span.Start, _reader.LastEnd));
    }

    private CallExpression? ParseParenthesizedCall(Expression target)
    {
        var open = _reader.Next();
        var before = EnterParentheses();
        var arguments = new List<Argument>();
        while (_reader.Kind != TokenKind.CloseParen)
        {
            if (ParseArgument(Mode.None) is not { } argument)
            {
                _reader.LeaveDelimiters(before);
                return null;
            }
            arguments.Add(argument);
            if (!_reader.TryTake(TokenKind.Comma))
                break;
        }
        _reader.LeaveDelimiters(before);
        if (!_reader.Close(TokenKind.CloseParen, "')'", open))
            return null;
        return new CallExpression(
            target,
            [.. arguments],
            TextSpan.FromBounds(target.Span.Start, _reader.LastEnd)
        );
    }

    /// <summary>In the lenient mode a new line ends a statement even inside parentheses.</summary>
    private int EnterParentheses() =>
        _reader.Options.IsLenient ? _reader.EnterBlock() : _reader.EnterDelimiters();

    private CallExpression? ParseArgumentList(Expression target, Mode mode)
    {
        var arguments = new List<Argument>();
        do
        {
            if (ParseArgument(mode | Mode.Argument) is not { } argument)
                return null;
            arguments.Add(argument);
        } while (StartsArgument(mode));
        return new CallExpression(target, [.. arguments], target.Span.Union(arguments[^1].Span));
    }

    private Argument? ParseArgument(Mode mode)
    {
        var start = _reader.Current;
        string? name = null;
        if (IsNamedArgument(mode))
        {
            name = _reader.TextOf(_reader.Next()).ToString();
            _reader.Next();
        }
        var minimum = mode.HasFlag(Mode.Argument) ? ArgumentPrecedence : 0;
        var value = Parse(minimum, name is null ? mode : mode & ~Mode.NoNamedArguments, "an argument");
        if (value is null)
            return null;
        var isSpread = value is UnaryExpression { Operator: UnaryOperator.Spread };
        if (isSpread)
            value = ((UnaryExpression)value).Operand;
        return new Argument(
            name,
            new TextSpan(start.Start, name?.Length ?? 0),
            value,
            isSpread,
            TextSpan.FromBounds(start.Start, value.Span.End)
        );
    }

    private bool IsNamedArgument(Mode mode) =>
        _reader.Kind == TokenKind.Identifier
        && _reader.Peek().Kind == TokenKind.Colon
        && !mode.HasFlag(Mode.NoNamedArguments);

    private bool StartsArgument(Mode mode)
    {
        if (!mode.HasFlag(Mode.NoNamedArguments))
            _reader.SkipNewLinesBeforeNamedArgument();
        var token = _reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return !mode.HasFlag(Mode.LoopItems) || !IsLoopParameter(token);
            case TokenKind.Local:
            case TokenKind.Integer or TokenKind.HexInteger or TokenKind.BinaryInteger or TokenKind.Float:
            case TokenKind.String or TokenKind.VerbatimString or TokenKind.InterpolationStart:
            case TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace:
            case TokenKind.Not or TokenKind.At or TokenKind.Caret:
                return true;
            default:
                return false;
        }
    }

    public bool IsLoopParameter(Token token) =>
        token.Kind == TokenKind.Identifier
        && (
            _reader.TextOf(token) is "reversed"
            || (
                _reader.Peek().Kind == TokenKind.Colon
                && _reader.TextOf(token) is "offset" or "limit" or "cols"
            )
        );

    private Expression? ParsePrimary(string expecting)
    {
        var token = _reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return ParseName();
            case TokenKind.Local:
                return ParseLocal();
            case TokenKind.OpenParen:
                return ParseNested();
            case TokenKind.OpenBracket:
                return _collections.ParseArray();
            case TokenKind.OpenBrace:
                return _collections.ParseObject();
            default:
                if (_literals.TryParse(out var literal))
                    return literal;
                _reader.Report(
                    TemplateDiagnostics.ExpressionExpected(
                        _reader.CurrentSpan,
                        expecting,
                        _reader.Describe(token)
                    )
                );
                return null;
        }
    }

    private Expression? ParseName()
    {
        var token = _reader.Current;
        var span = new TextSpan(token.Start, token.Length);
        var name = _reader.TextOf(token);
        switch (name)
        {
            case "true" or "false":
                var value = name is "true";
                _reader.Next();
                return new LiteralExpression(value ? Boxes.True : Boxes.False, span);
            case "null":
                _reader.Next();
                return new LiteralExpression(null, span);
            case "this":
                _reader.Next();
                return new SpecialExpression(ExpressionKind.This, span);
            case "do":
                return _parseAnonymousFunction(_reader.Next());
            case "for" or "while" or "tablerow" when _reader.Peek().Kind == TokenKind.Dot:
                return ParseLoopVariable();
            default:
                var text = name.ToString();
                _reader.Next();
                return new VariableExpression(text, span);
        }
    }

    private LoopVariableExpression? ParseLoopVariable()
    {
        var loop = _reader.Next();
        _reader.Next();
        var member = _reader.Current;
        if (member.Kind != TokenKind.Identifier)
        {
            _reader.Report(
                TemplateDiagnostics.Expected(
                    _reader.CurrentSpan,
                    "a member name after '.'",
                    _reader.Describe(member)
                )
            );
            return null;
        }
        _reader.Next();
        var loopName = _reader.TextOf(loop).ToString();
        var name = _reader.TextOf(member).ToString();
        if (!LoopVariables.NamesOf(loopName).Contains(name))
        {
            _reader.Report(
                TemplateDiagnostics.UnknownLoopVariable(
                    _reader.Source.Span(TextSpan.FromBounds(loop.Start, member.End)),
                    loopName,
                    name
                )
            );
        }
        return new LoopVariableExpression(loopName, name, TextSpan.FromBounds(loop.Start, member.End));
    }

    private Expression ParseLocal()
    {
        var token = _reader.Next();
        var span = new TextSpan(token.Start, token.Length);
        return _reader.TextOf(token) switch
        {
            "$" => new SpecialExpression(ExpressionKind.Arguments, span),
            "$$" => new SpecialExpression(ExpressionKind.BlockDelegate, span),
            var text => new LocalExpression(text[1..].ToString(), span),
        };
    }

    private NestedExpression? ParseNested()
    {
        var open = _reader.Next();
        var before = EnterParentheses();
        var inner = Parse("an expression after '('");
        _reader.LeaveDelimiters(before);
        if (inner is null || !_reader.Close(TokenKind.CloseParen, "')'", open))
            return null;
        return new NestedExpression(inner, TextSpan.FromBounds(open.Start, _reader.LastEnd));
    }
}
