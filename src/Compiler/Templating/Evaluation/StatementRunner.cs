using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Where a statement leads.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
    Return,
}

/// <summary>Runs the statements of a template, printing into the context's output.</summary>
internal sealed class StatementRunner
{
    private readonly RenderContext _context;
    private readonly Variables _variables;
    private readonly ExpressionEvaluator _expressions;
    private readonly LoopRunner _loops;

    public StatementRunner(RenderContext context)
    {
        _context = context;
        _variables = new Variables(context);
        _expressions = new ExpressionEvaluator(context, _variables, this);
        _loops = new LoopRunner(context, _expressions, this);
    }

    public ExpressionEvaluator Expressions => _expressions;

    public Flow Run(Block block)
    {
        var output = _context.Output;
        var indent = output.Indent;
        foreach (var statement in block.Statements)
        {
            var flow = Run(statement, indent);
            if (flow != Flow.Next)
            {
                output.Indent = indent;
                return flow;
            }
        }
        output.Indent = indent;
        return Flow.Next;
    }

    private Flow Run(Statement statement, string? indent)
    {
        _context.Tick(statement.Span);
        switch (statement.Kind)
        {
            case StatementKind.Text:
                if (
                    !_context.Output.WriteSource(
                        _context.Frame.Source,
                        statement.Span.Start,
                        statement.Span.Length,
                        _context.Frame
                    )
                )
                    throw _context.OutputTooLong(statement.Span);
                return Flow.Next;
            case StatementKind.IndentStart:
                if (_context.Options.AutoIndent)
                    _context.Output.Indent = indent + _context.SpanOf(statement.Span).Text;
                return Flow.Next;
            case StatementKind.IndentEnd:
                _context.Output.Indent = indent;
                return Flow.Next;
            case StatementKind.Expression:
                var expression = ((ExpressionStatement)statement).Expression;
                Print(_expressions.Evaluate(expression, isStatement: true), expression.Span);
                return Flow.Next;
            case StatementKind.Assign:
                Assign((AssignStatement)statement);
                return Flow.Next;
            case StatementKind.If:
                return RunIf((IfStatement)statement);
            case StatementKind.Case:
                return RunCase((CaseStatement)statement);
            case StatementKind.For:
                return _loops.Run((ForStatement)statement);
            case StatementKind.While:
                return _loops.Run((WhileStatement)statement);
            case StatementKind.Break or StatementKind.Continue:
                return Jump(statement);
            case StatementKind.Function:
                Define((FunctionStatement)statement);
                return Flow.Next;
            case StatementKind.Return:
                Return((ReturnStatement)statement);
                return Flow.Return;
            case StatementKind.Capture:
                return Capture((CaptureStatement)statement);
            case StatementKind.Readonly:
                _variables.MakeReadonly(((OperandStatement)statement).Operand);
                return Flow.Next;
            case StatementKind.Import:
                Import((OperandStatement)statement);
                return Flow.Next;
            case StatementKind.With:
                return With((WithStatement)statement);
            default:
                Wrap((WrapStatement)statement);
                return Flow.Next;
        }
    }

    public void Print(object? value, TextSpan span)
    {
        if (value is null)
            return;
        var text = _context.Text.Of(value, span);
        if (!_context.Output.WriteValue(text, _context.Frame.Source, span, _context.Frame))
            throw _context.OutputTooLong(span);
    }

    private void Assign(AssignStatement statement)
    {
        object? value;
        if (statement.Operator is { } @operator)
        {
            var before = _expressions.Evaluate(statement.Target);
            var operand = _expressions.Evaluate(statement.Value);
            var site = new OperatorSite(statement.OperatorSpan, statement.Target.Span, statement.Value.Span);
            value = _expressions.Operators.Evaluate(@operator, before, operand, site);
        }
        else
        {
            value = _expressions.Evaluate(statement.Value);
        }
        _expressions.Access.Set(statement.Target, value);
    }

    private Flow RunIf(IfStatement statement)
    {
        _context.EnsureStack(statement.Span);
        if (Operators.IsTrue(_expressions.Evaluate(statement.Condition)))
            return Run(statement.Then);
        return statement.Else is { } @else ? Run(@else) : Flow.Next;
    }

    private Flow RunCase(CaseStatement statement)
    {
        _context.EnsureStack(statement.Span);
        var value = _expressions.Evaluate(statement.Value);
        foreach (var when in statement.Whens)
        {
            foreach (var candidate in when.Values)
            {
                var site = new OperatorSite(candidate.Span, statement.Value.Span, candidate.Span);
                if (_expressions.Operators.AreEqual(value, _expressions.Evaluate(candidate), site, 0))
                    return Run(when.Body);
            }
        }
        return statement.Else is { } @else ? Run(@else) : Flow.Next;
    }

    private Flow Jump(Statement statement)
    {
        var isBreak = statement.Kind == StatementKind.Break;
        if (_context.Frame.Loop is null)
        {
            throw _context.Fail(
                TemplateDiagnostics.JumpOutsideLoop(
                    _context.SpanOf(statement.Span),
                    isBreak ? "break" : "continue"
                )
            );
        }
        return isBreak ? Flow.Break : Flow.Continue;
    }

    private void Define(FunctionStatement statement)
    {
        var isLocal = statement.Target is LocalExpression;
        _expressions.Access.Set(
            statement.Target,
            _expressions.Caller.CreateFunction(statement.Definition, isLocal)
        );
    }

    private void Return(ReturnStatement statement)
    {
        var frame = _context.Frame;
        frame.ReturnValue = statement.Value is { } value ? _expressions.Evaluate(value) : null;
        frame.HasReturned = statement.Value is not null;
    }

    private Flow Capture(CaptureStatement statement)
    {
        _context.EnsureStack(statement.Span);
        var outer = _context.Output;
        using var buffer = _context.CreateOutput(isMapped: false);
        _context.Output = buffer;
        Flow flow;
        try
        {
            flow = Run(statement.Body);
        }
        finally
        {
            _context.Output = outer;
        }
        _expressions.Access.Set(statement.Target, buffer.ToString());
        return flow;
    }

    private void Import(OperandStatement statement)
    {
        var value = _expressions.Evaluate(statement.Operand);
        if (value is not TemplateObject source)
        {
            throw _context.Fail(
                TemplateDiagnostics.ObjectExpected(
                    _context.SpanOf(statement.Operand.Span),
                    "import",
                    ValueText.TypeName(value)
                )
            );
        }
        _context.IterateAll(statement.Span, source.Count);
        _variables.Import(source, statement.Span);
    }

    private Flow With(WithStatement statement)
    {
        _context.EnsureStack(statement.Span);
        var value = _expressions.Evaluate(statement.Target);
        if (value is not TemplateObject target || value is EmptyValue)
        {
            throw _context.Fail(
                TemplateDiagnostics.ObjectExpected(
                    _context.SpanOf(statement.Target.Span),
                    "with",
                    ValueText.TypeName(value)
                )
            );
        }
        var frame = _context.Frame;
        var scope = frame.Scope;
        frame.Scope = new ScopeLayer(ScopeKind.With, scope, _expressions.Access.Owned(target), null);
        try
        {
            return Run(statement.Body);
        }
        finally
        {
            frame.Scope = scope;
        }
    }

    private void Wrap(WrapStatement statement)
    {
        var (target, arguments) = statement.Call is CallExpression call
            ? (call.Target, call.Arguments)
            : (statement.Call, []);
        Print(
            _expressions.Caller.CallWrapping(target, arguments, statement.Body, statement.Call.Span),
            statement.Call.Span
        );
    }
}
