using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>One call of a function: its arguments, where they were written, and the way to report.</summary>
public sealed class TemplateCallContext
{
    private readonly FunctionCaller _caller;
    private readonly RenderContext _context;
    private readonly BoundArguments _arguments;
    private readonly TextSpan _span;

    internal TemplateCallContext(
        FunctionCaller caller,
        RenderContext context,
        TemplateFunction function,
        BoundArguments arguments,
        TextSpan span,
        bool isStatement
    )
    {
        _caller = caller;
        _context = context;
        _arguments = arguments;
        _span = span;
        Function = function;
        IsStatement = isStatement;
    }

    public TemplateFunction Function { get; }

    /// <summary>The number of declared parameters.</summary>
    public int Count => _arguments.Values.Length;

    /// <summary>The value of a parameter by position: the argument, or the default.</summary>
    public object? this[int index] => _arguments.Values[index];

    /// <summary>The value of a parameter, or of an argument of any name, by name; null where there is none.</summary>
    public object? this[string name]
    {
        get
        {
            var index = IndexOf(name);
            return index >= 0 ? _arguments.Values[index]
                : Named.TryGet(name, out var value) ? value
                : null;
        }
    }

    /// <summary>What a variadic parameter took.</summary>
    public IReadOnlyList<object?> Rest => (IReadOnlyList<object?>?)_arguments.Rest ?? [];

    /// <summary>The arguments of any name, in the order of the call.</summary>
    public TemplateObject Named => _arguments.Named ?? EmptyValue.Instance;

    /// <summary>The whole call.</summary>
    public SourceSpan Span => _context.SpanOf(_span);

    /// <summary>The call with the macros and includes around it.</summary>
    public SourceOrigin Origin => new(Span, _context.Frame.CalledFrom);

    public CancellationToken CancellationToken => _context.CancellationToken;

    public TimeProvider TimeProvider => _context.Options.TimeProvider;

    /// <summary>The scope that the template is rendered with.</summary>
    public TemplateScope Scope => _context.Scope;

    internal RenderContext Context => _context;

    internal FunctionCaller Caller => _caller;

    internal TextSpan CallSpan => _span;

    /// <summary>Whether the result is going to be printed where the call stands.</summary>
    internal bool IsStatement { get; }

    /// <summary>Says that the call gives something else every time.</summary>
    public void MarkUnrepeatable() => _context.Options.OnUnrepeatable?.Invoke();

    /// <summary>Whether the call gave a value for the parameter.</summary>
    public bool IsGiven(int index) => _arguments.IsGiven(index);

    public bool IsGiven(string name)
    {
        var index = IndexOf(name);
        return index >= 0 ? IsGiven(index) : Named.Contains(name);
    }

    /// <summary>Where the argument was written; the whole call, where it was not given.</summary>
    public SourceSpan SpanOf(int index) => _context.SpanOf(_arguments.SpanOf(index, _span));

    public SourceSpan SpanOf(string name)
    {
        var index = IndexOf(name);
        return index >= 0 ? SpanOf(index) : _context.SpanOf(_arguments.SpanOfNamed(name, _span));
    }

    /// <summary>Where the name of an argument of any name was written; the whole call, where it was not given.</summary>
    public SourceSpan NameSpanOf(string name) => _context.SpanOf(_arguments.NameSpanOf(name, _span));

    /// <summary>The text of an argument, as printing it would give.</summary>
    public string Text(int index) => _context.Text.Of(this[index], _arguments.SpanOf(index, _span));

    public string Text(string name) => _context.Text.Of(this[name], _span);

    /// <summary>The text of any value, as printing it would give.</summary>
    public string TextOf(object? value) => _context.Text.Of(value, _span);

    /// <summary>Calls a function that came as an argument.</summary>
    public object? Call(TemplateFunction function, params object?[] arguments) =>
        HostValues.Normalize(_caller.CallWithValues(function, arguments, _span));

    /// <summary>Counts work done on behalf of the template, so that limits and cancellation hold.</summary>
    public void CountIterations(int count) => _context.IterateAll(_span, count);

    /// <summary>Reports something that does not stop the render, such as a warning.</summary>
    public void Report(Diagnostic diagnostic) => _context.Diagnostics.Add(diagnostic);

    /// <summary>Reports an error and stops the render; the calls that led here are added to it.</summary>
    [DoesNotReturn]
    public void Fail(Diagnostic diagnostic) => throw _context.Fail(diagnostic);

    internal TemplateError Error(Diagnostic diagnostic) => _context.Fail(diagnostic);

    private int IndexOf(string name)
    {
        var parameters = Function.Parameters;
        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Name == name)
                return i;
        }
        return -1;
    }
}
