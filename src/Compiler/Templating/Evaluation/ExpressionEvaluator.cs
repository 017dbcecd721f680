using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Computes the value of an expression.</summary>
internal sealed class ExpressionEvaluator
{
    private readonly RenderContext _context;
    private readonly Variables _variables;
    private readonly Operators _operators;
    private readonly MemberAccess _access;
    private readonly FunctionCaller _caller;

    public ExpressionEvaluator(RenderContext context, Variables variables, StatementRunner statements)
    {
        _context = context;
        _variables = variables;
        _operators = new Operators(context);
        _access = new MemberAccess(context, variables, this);
        _caller = new FunctionCaller(context, this, statements);
    }

    public Operators Operators => _operators;

    public FunctionCaller Caller => _caller;

    public Variables Variables => _variables;

    public MemberAccess Access => _access;

    /// <summary>The value; a function that is mentioned is called.</summary>
    /// <param name="isStatement">Whether the value is going to be printed, so that functions print directly.</param>
    public object? Evaluate(Expression expression, bool isStatement = false)
    {
        switch (expression.Kind)
        {
            case ExpressionKind.Literal:
                return ((LiteralExpression)expression).Value;
            case ExpressionKind.Variable
            or ExpressionKind.Local
            or ExpressionKind.Member
            or ExpressionKind.Index:
                var value = EvaluateName(expression);
                return value is TemplateFunction function
                    ? _caller.CallMentioned(function, expression, isStatement)
                    : value;
            case ExpressionKind.Arguments:
                return _context.Frame.Arguments;
            case ExpressionKind.BlockDelegate:
                _caller.RunWrapped(expression.Span);
                return null;
            case ExpressionKind.This:
                if (!_variables.TryGetHostThis(out var hosted))
                    return _variables.CurrentObject();
                return hosted is TemplateFunction given
                    ? _caller.CallMentioned(given, expression, isStatement)
                    : hosted;
            case ExpressionKind.LoopVariable:
                return EvaluateLoopVariable((LoopVariableExpression)expression);
            case ExpressionKind.Call:
                return _caller.Call((CallExpression)expression, isStatement);
            case ExpressionKind.Pipe:
                return EvaluatePipe((PipeExpression)expression, isStatement);
            case ExpressionKind.Binary:
                return EvaluateBinary((BinaryExpression)expression);
            case ExpressionKind.Unary:
                return EvaluateUnary((UnaryExpression)expression);
            case ExpressionKind.Step:
                return EvaluateStep((StepExpression)expression);
            case ExpressionKind.Conditional:
                var conditional = (ConditionalExpression)expression;
                _context.EnsureStack(expression.Span);
                return Evaluate(
                    Operators.IsTrue(Evaluate(conditional.Condition))
                        ? conditional.WhenTrue
                        : conditional.WhenFalse,
                    isStatement
                );
            case ExpressionKind.Array:
                return EvaluateArray((ArrayExpression)expression);
            case ExpressionKind.Object:
                return EvaluateObject((ObjectExpression)expression);
            case ExpressionKind.Interpolated:
                return EvaluateInterpolated((InterpolatedExpression)expression);
            case ExpressionKind.Nested:
                _context.EnsureStack(expression.Span);
                return EvaluateNested((NestedExpression)expression, isStatement);
            case ExpressionKind.Function:
                return _caller.CreateFunction(((FunctionExpression)expression).Definition);
            default:
                throw new InvalidOperationException($"no evaluation of {expression.Kind}");
        }
    }

    /// <summary>What a name holds; a function is not called.</summary>
    public object? EvaluateCallee(Expression expression) =>
        expression switch
        {
            {
                Kind: ExpressionKind.Variable
                    or ExpressionKind.Local
                    or ExpressionKind.Member
                    or ExpressionKind.Index
            } => EvaluateName(expression, AccessMode.Callee),
            NestedExpression { Inner: FunctionExpression function } => _caller.CreateFunction(
                function.Definition
            ),
            _ => Evaluate(expression),
        };

    public string Text(Expression expression) => _context.Text.Of(Evaluate(expression), expression.Span);

    private object? EvaluateNested(NestedExpression nested, bool isStatement)
    {
        var value = Evaluate(nested.Inner, isStatement);
        return nested.Inner is FunctionExpression && value is TemplateFunction function
            ? _caller.CallMentioned(function, nested, isStatement)
            : value;
    }

    /// <summary>What a variable, member or index holds.</summary>
    public object? EvaluateName(Expression expression, AccessMode mode = AccessMode.None)
    {
        switch (expression)
        {
            case VariableExpression variable:
                if (_variables.TryGet(variable.Name, out var value))
                    return value;
                if (_context.Options.StrictVariables && mode == AccessMode.None)
                    throw UnknownVariable(variable);
                return null;
            case LocalExpression { ArgumentIndex: >= 0 } argument:
                return _context.Frame.Arguments is { } arguments && argument.ArgumentIndex < arguments.Count
                    ? arguments[argument.ArgumentIndex]
                    : null;
            case LocalExpression local:
                if (_variables.TryGetLocal(local.Name, out var localValue))
                    return localValue;
                if (
                    _context.Options is { StrictVariables: true, IsLenient: false }
                    && mode == AccessMode.None
                )
                    throw UnknownLocal(local);
                return null;
            default:
                return _access.Get(expression, mode);
        }
    }

    public TemplateError UnknownVariable(VariableExpression variable) =>
        _context.Fail(
            TemplateDiagnostics.UnknownVariable(
                _context.SpanOf(variable.Span),
                variable.Name,
                Suggestions.DidYouMean(variable.Name, _variables.Names())
            )
        );

    private TemplateError UnknownLocal(LocalExpression local) =>
        _context.Fail(
            TemplateDiagnostics.UnknownVariable(
                _context.SpanOf(local.Span),
                "$" + local.Name,
                Suggestions.DidYouMean(
                    "$" + local.Name,
                    (_context.Frame.Locals?.Keys ?? Enumerable.Empty<string>())
                        .Concat(_context.Frame.Arguments?.Members?.Names ?? [])
                        .Select(name => "$" + name)
                )
            )
        );

    private object? EvaluateLoopVariable(LoopVariableExpression expression)
    {
        var kind = expression.Loop == "while" ? "while" : "for";
        for (var loop = _context.Frame.Loop; loop is not null; loop = loop.Outer)
        {
            if (loop.Kind == kind)
                return loop.Get(expression.Name);
        }
        if (_context.Options.AllowNullTargets)
            return null;
        throw _context.Fail(
            TemplateDiagnostics.LoopVariableOutsideLoop(_context.SpanOf(expression.Span), expression.Loop)
        );
    }

    private object? EvaluatePipe(PipeExpression pipe, bool isStatement)
    {
        _context.EnsureStack(pipe.Span);
        var value = Evaluate(pipe.Value);
        return _caller.CallPiped(value, pipe, isStatement);
    }

    private object? EvaluateBinary(BinaryExpression binary)
    {
        _context.EnsureStack(binary.Span);
        switch (binary.Operator)
        {
            case BinaryOperator.And:
                return Boxes.Of(
                    Operators.IsTrue(Evaluate(binary.Left)) && Operators.IsTrue(Evaluate(binary.Right))
                );
            case BinaryOperator.Or:
                return Boxes.Of(
                    Operators.IsTrue(Evaluate(binary.Left)) || Operators.IsTrue(Evaluate(binary.Right))
                );
            case BinaryOperator.IfNull:
                return EvaluateTolerant(binary.Left) ?? Evaluate(binary.Right);
            case BinaryOperator.IfNotNull:
                return EvaluateTolerant(binary.Left) is null ? null : Evaluate(binary.Right);
        }
        var left = Evaluate(binary.Left);
        var right = Evaluate(binary.Right);
        _context.Tick(binary.OperatorSpan);
        return _operators.Evaluate(
            binary.Operator,
            left,
            right,
            new OperatorSite(binary.OperatorSpan, binary.Left.Span, binary.Right.Span)
        );
    }

    /// <summary>In front of <c>??</c> an unknown name is a question, not a mistake.</summary>
    private object? EvaluateTolerant(Expression expression)
    {
        while (expression is NestedExpression nested)
            expression = nested.Inner;
        if (
            _context.Options.IsLenient
            || expression.Kind
                is not (
                    ExpressionKind.Variable
                    or ExpressionKind.Local
                    or ExpressionKind.Member
                    or ExpressionKind.Index
                )
        )
        {
            return Evaluate(expression);
        }
        var value = EvaluateName(expression, AccessMode.Tolerant);
        return value is TemplateFunction function
            ? _caller.CallMentioned(function, expression, isStatement: false)
            : value;
    }

    private object? EvaluateUnary(UnaryExpression unary)
    {
        _context.EnsureStack(unary.Span);
        switch (unary.Operator)
        {
            case UnaryOperator.Not:
                return Boxes.Of(!Operators.IsTrue(Evaluate(unary.Operand)));
            case UnaryOperator.Alias:
                return EvaluateAlias(unary);
            case UnaryOperator.Spread:
                return Evaluate(unary.Operand);
            default:
                return _operators.Negate(
                    Evaluate(unary.Operand),
                    unary.Operand.Span,
                    unary.Operator == UnaryOperator.Negate
                );
        }
    }

    private object? EvaluateAlias(UnaryExpression unary)
    {
        var value = EvaluateCallee(unary.Operand);
        if (value is null && _context.Options.StrictVariables && unary.Operand is VariableExpression variable)
            throw UnknownVariable(variable);
        return value;
    }

    private object? EvaluateStep(StepExpression step)
    {
        var before = Evaluate(step.Target);
        var site = new OperatorSite(step.Span, step.Target.Span, step.Span);
        var after = _operators.Evaluate(BinaryOperator.Add, before ?? Boxes.Of(0), Boxes.Of(step.Step), site);
        _access.Set(step.Target, after);
        return step.IsPrefix ? after : before;
    }

    private TemplateArray EvaluateArray(ArrayExpression expression)
    {
        _context.EnsureStack(expression.Span);
        var array = new TemplateArray(expression.Items.Length);
        foreach (var item in expression.Items)
            array.Add(Evaluate(item));
        return array;
    }

    private TemplateObject EvaluateObject(ObjectExpression expression)
    {
        _context.EnsureStack(expression.Span);
        var @object = new TemplateObject();
        foreach (var member in expression.Members)
            @object.Add(member.Name, Evaluate(member.Value));
        return @object;
    }

    private string EvaluateInterpolated(InterpolatedExpression expression)
    {
        _context.EnsureStack(expression.Span);
        var text = new StringBuilder();
        foreach (var part in expression.Parts)
        {
            text.Append(Text(part));
            _context.CheckLength(text.Length, expression.Span);
        }
        return text.ToString();
    }
}
