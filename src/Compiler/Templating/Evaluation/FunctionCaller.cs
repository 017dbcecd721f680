using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Calls functions: of the host, built-in, and defined in templates.</summary>
internal sealed class FunctionCaller
{
    private static readonly Argument[] s_noArguments = [];

    private readonly RenderContext _context;
    private readonly ExpressionEvaluator _expressions;
    private readonly StatementRunner _statements;
    private readonly ArgumentBinder _binder;

    public FunctionCaller(RenderContext context, ExpressionEvaluator expressions, StatementRunner statements)
    {
        _context = context;
        _expressions = expressions;
        _statements = statements;
        _binder = new ArgumentBinder(context, expressions);
    }

    public StatementRunner Statements => _statements;

    public ExpressionEvaluator Expressions => _expressions;

    /// <summary>A function value for a definition that was met while running.</summary>
    public UserFunction CreateFunction(FunctionDefinition definition, bool isLocal = false)
    {
        // a function written inside of a call sees that call's names; the reference's do not
        var frame = _context.Frame;
        var isInsideCall = !_context.Options.IsLenient && frame.Caller is not null;
        return new UserFunction(definition, frame.Source, isLocal, isInsideCall ? frame : null);
    }

    /// <summary>A name that holds a function was mentioned: a call without arguments.</summary>
    public object? CallMentioned(TemplateFunction function, Expression mention, bool isStatement) =>
        Invoke(
            function,
            _binder.Bind(function, s_noArguments, null, mention.Span),
            mention.Span,
            isStatement
        );

    public object? Call(CallExpression call, bool isStatement) => Call(call, null, isStatement);

    public object? CallPiped(object? value, PipeExpression pipe, bool isStatement)
    {
        var piped = (value, pipe.Value.Span);
        if (pipe.Function is CallExpression call)
            return Call(call, piped, isStatement);
        var function = Callee(pipe.Function, s_noArguments);
        return Invoke(
            function,
            _binder.Bind(function, s_noArguments, piped, pipe.Function.Span),
            pipe.Function.Span,
            isStatement
        );
    }

    private object? Call(CallExpression call, (object? Value, TextSpan Span)? piped, bool isStatement)
    {
        _context.EnsureStack(call.Span);
        if (call.Target is SpecialExpression { Kind: ExpressionKind.BlockDelegate })
        {
            RunWrapped(call.Span);
            return null;
        }
        var function = Callee(call.Target, call.Arguments);
        return Invoke(
            function,
            _binder.Bind(function, call.Arguments, piped, call.Span),
            call.Span,
            isStatement
        );
    }

    public object? CallWithValues(TemplateFunction function, ReadOnlySpan<object?> values, TextSpan span) =>
        Invoke(function, _binder.Bind(function, values, span), span, isStatement: false);

    /// <summary>Calls a function with the block of <c>wrap</c>.</summary>
    public object? CallWrapping(Expression target, Argument[] arguments, Block block, TextSpan span)
    {
        if (_expressions.EvaluateCallee(target) is not TemplateFunction function)
            throw _context.Fail(TemplateDiagnostics.WrapNeedsFunction(_context.SpanOf(target.Span)));
        var bound = _binder.Bind(function, arguments, null, span);
        return Invoke(function, bound, span, isStatement: true, (block, _context.Frame));
    }

    private TemplateFunction Callee(Expression target, Argument[] arguments)
    {
        var value = _expressions.EvaluateCallee(target);
        if (value is TemplateFunction function)
            return function;
        var span = _context.SpanOf(target.Span);
        if (value is not null)
        {
            throw _context.Fail(
                TemplateDiagnostics.NotAFunction(
                    span,
                    span.Text,
                    ValueText.TypeName(value),
                    FirstWord(arguments)
                )
            );
        }
        throw _context.Fail(
            TemplateDiagnostics.UnknownFunction(
                span,
                span.Text,
                FirstWord(arguments),
                SuggestFunction(target)
            )
        );
    }

    private static string? FirstWord(Argument[] arguments) =>
        arguments.Length > 0 && arguments[0].Value is VariableExpression variable ? variable.Name : null;

    private string? SuggestFunction(Expression target)
    {
        switch (target)
        {
            case VariableExpression variable:
                return Suggestions.DidYouMean(variable.Name, _expressions.Variables.Names());
            case MemberExpression { Target: VariableExpression owner } member
                when _expressions.Variables.TryGet(owner.Name, out var value):
                return Suggestions.Nearest(member.Name, MemberAccess.NamesOf(value)) is { } name
                    ? $"did you mean '{owner.Name}.{name}'?"
                    : null;
            default:
                return null;
        }
    }

    private object? Invoke(
        TemplateFunction function,
        BoundArguments arguments,
        TextSpan span,
        bool isStatement,
        (Block, Frame)? wrapped = null
    )
    {
        _context.EnterCall(span, function.Name);
        try
        {
            if (function is UserFunction user)
                return InvokeUser(user, arguments, span, isStatement, wrapped);
            var call = new TemplateCallContext(this, _context, function, arguments, span, isStatement);
            return HostValues.Normalize(function.Invoke(call));
        }
        finally
        {
            _context.LeaveCall();
        }
    }

    private object? InvokeUser(
        UserFunction function,
        BoundArguments arguments,
        TextSpan span,
        bool isStatement,
        (Block, Frame)? wrapped
    )
    {
        if (_context.Options.RejectStatementFunctions && !isStatement && !ReturnsValue(function.Definition))
            throw _context.Fail(TemplateDiagnostics.StatementFunction(_context.SpanOf(span), function.Name));
        var caller = _context.Frame;
        var frame = CreateFrame(function, arguments, caller, span);
        frame.Wrapped = wrapped;
        _context.Frame = frame;
        try
        {
            if (function.Definition.Result is { } result)
                return _expressions.Evaluate(result);
            return _context.Options.IsLenient || isStatement ? RunPrinting(function) : RunCapturing(function);
        }
        finally
        {
            _context.Frame = caller;
        }
    }

    private static Frame CreateFrame(
        UserFunction function,
        BoundArguments arguments,
        Frame caller,
        TextSpan span
    )
    {
        var frame = new Frame(function.Source, caller, span, function.Title)
        {
            Scope = function.Scope ?? caller.Scope,
            Lexical = function.Lexical,
        };
        if (function.Definition.Parameters is { } parameters)
        {
            var store = new TemplateObject();
            for (var i = 0; i < parameters.Length; i++)
                store.Add(parameters[i].Name, arguments.Values[i]);
            frame.Scope = new ScopeLayer(ScopeKind.Function, frame.Scope, store, frame);
        }
        else
        {
            frame.Arguments = arguments.Rest ?? new TemplateArray();
            frame.Arguments.Members = arguments.Named;
        }
        if (function.IsLocal)
            frame.Locals = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [function.Name] = function,
            };
        return frame;
    }

    private object? RunPrinting(UserFunction function)
    {
        if (function.Definition.Body is { } body)
            _statements.Run(body);
        return _context.Frame.ReturnValue;
    }

    /// <summary>
    /// In an expression, a function without <c>ret</c> has what it prints as its value. (The reference lets it
    /// print where it stands, before the rest of the expression.) Blank text around a <c>ret</c> is dropped.
    /// </summary>
    private object? RunCapturing(UserFunction function)
    {
        var outer = _context.Output;
        using var buffer = _context.CreateOutput(isMapped: true);
        _context.Output = buffer;
        var flow = Flow.Next;
        try
        {
            if (function.Definition.Body is { } body)
                flow = _statements.Run(body);
        }
        finally
        {
            _context.Output = outer;
        }
        if (flow != Flow.Return || !_context.Frame.HasReturned)
            return buffer.ToString();
        if (!buffer.IsBlank && !outer.WriteBuffer(buffer))
            throw _context.OutputTooLong(function.Definition.Span);
        return _context.Frame.ReturnValue;
    }

    /// <summary>
    /// Runs the block of <c>wrap</c>: it sees the local names of the function that runs it and, except in the
    /// lenient mode, those of the place that wrote it.
    /// </summary>
    public void RunWrapped(TextSpan span)
    {
        var frame = _context.Frame;
        if (frame.Wrapped is not { } wrapped)
            return;
        _context.EnterCall(span, "$$");
        var inner = new Frame(wrapped.Frame.Source, frame, span, "the wrapped block")
        {
            Scope = frame.Scope,
            Lexical = wrapped.Frame,
            Locals = frame.Locals ??= new Dictionary<string, object?>(StringComparer.Ordinal),
            Arguments = frame.Arguments,
            OuterLocals = _context.Options.IsLenient ? null : wrapped.Frame,
            Wrapped = wrapped.Frame.Wrapped,
            Loop = frame.Loop,
        };
        _context.Frame = inner;
        try
        {
            _statements.Run(wrapped.Block);
        }
        finally
        {
            _context.Frame = frame;
            _context.LeaveCall();
        }
    }

    private static bool ReturnsValue(FunctionDefinition definition) =>
        definition.Result is not null || (definition.Body is { } body && ReturnFinder.ReturnsValue(body));
}
