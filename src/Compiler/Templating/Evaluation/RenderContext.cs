using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>The state of one render: where it stands, what it has printed, what it has used up.</summary>
internal sealed class RenderContext
{
    private const int ChainLength = 8;

    private readonly long _started = Stopwatch.GetTimestamp();
    private int _loopDepth;
    private int _iterations;
    private int _callDepth;
    private int _untilCheck = 256;

    public RenderContext(
        TemplateScope scope,
        RenderOptions options,
        SourceText source,
        CancellationToken cancellationToken
    )
    {
        Scope = scope;
        Options = options;
        Limits = options.Limits;
        CancellationToken = cancellationToken;
        Globals = new GlobalObject(scope);
        Frame = new Frame(source, null, default, null)
        {
            Scope = new ScopeLayer(ScopeKind.Global, null, Globals, null),
        };
        MainOutput = CreateOutput(isMapped: true, source.Length + 256, indent: null);
        Output = MainOutput;
        Text = new ValueText(this);
    }

    public TemplateScope Scope { get; }

    public RenderOptions Options { get; }

    public TemplateLimits Limits { get; }

    public CancellationToken CancellationToken { get; }

    /// <summary>The object of the names that the template itself assigns.</summary>
    public GlobalObject Globals { get; }

    public Frame Frame { get; set; }

    /// <summary>What the render gives in the end.</summary>
    public OutputBuffer MainOutput { get; }

    /// <summary>Where is being printed to: the main output, or a capture.</summary>
    public OutputBuffer Output { get; set; }

    public ValueText Text { get; }

    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>State that a built-in keeps for the length of a render, such as the position of a cycle.</summary>
    public Dictionary<string, int> Cycles { get; } = new(StringComparer.Ordinal);

    /// <summary>A buffer for something that is not printed at once; its owner disposes of it.</summary>
    public OutputBuffer CreateOutput(bool isMapped) => CreateOutput(isMapped, 256, Output.Indent);

    private OutputBuffer CreateOutput(bool isMapped, int capacity, string? indent) =>
        new(isMapped, Limits.OutputLength, Options.IsLenient, Options.IndentEmptyLines, capacity)
        {
            Indent = indent,
        };

    public SourceSpan SpanOf(TextSpan span) => Frame.Source.Span(span);

    /// <summary>The exception that ends the render with this diagnostic, with the calls that led here.</summary>
    public TemplateError Fail(Diagnostic diagnostic) => new(WithChain(diagnostic));

    private Diagnostic WithChain(Diagnostic diagnostic)
    {
        if (Frame.Caller is null)
            return diagnostic;
        var notes = diagnostic.Notes.ToBuilder();
        if (diagnostic.Span is { } place && notes.Count == 0)
            notes.Add(new DiagnosticNote(place, $"in {Frame.Name}"));
        var calls = 0;
        for (var frame = Frame; frame.Caller is not null; frame = frame.Caller)
        {
            // of a deep recursion the innermost calls and the outermost one are enough
            if (++calls < ChainLength || frame.Caller.Caller is null)
                notes.Add(
                    new DiagnosticNote(frame.Caller.Source.Span(frame.CallSpan), $"calls {frame.Name}")
                );
        }
        return diagnostic with { Notes = notes.ToImmutable() };
    }

    /// <summary>Throws where the render was cancelled or has taken too long; cheap enough to be called everywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tick(TextSpan span)
    {
        if (--_untilCheck <= 0)
            CheckTime(span);
    }

    private void CheckTime(TextSpan span)
    {
        _untilCheck = 256;
        CancellationToken.ThrowIfCancellationRequested();
        if (Limits.TotalTime > TimeSpan.Zero && Stopwatch.GetElapsedTime(_started) > Limits.TotalTime)
            throw Fail(TemplateDiagnostics.TimeLimit(SpanOf(span), Limits.TotalTime));
    }

    public void EnterLoop()
    {
        if (_loopDepth++ == 0)
            _iterations = 0;
    }

    public void LeaveLoop() => _loopDepth--;

    public void Iterate(TextSpan span, int count = 1)
    {
        if (Limits.Iterations > 0 && (_iterations += count) > Limits.Iterations)
            throw Fail(TemplateDiagnostics.IterationLimit(SpanOf(span), Limits.Iterations));
        _untilCheck -= Math.Min(count, 255) - 1;
        Tick(span);
    }

    /// <summary>The iterations of a built-in over a whole list.</summary>
    public void IterateAll(TextSpan span, int count)
    {
        EnterLoop();
        try
        {
            Iterate(span, count);
        }
        finally
        {
            LeaveLoop();
        }
    }

    public void EnterCall(TextSpan span, string name)
    {
        Tick(span);
        if (++_callDepth > Limits.Recursion)
            throw Fail(TemplateDiagnostics.RecursionLimit(SpanOf(span), name, Limits.Recursion));
        EnsureStack(span);
    }

    public void LeaveCall() => _callDepth--;

    public void EnsureStack(TextSpan span)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Fail(TemplateDiagnostics.EvaluationTooDeep(SpanOf(span)));
    }

    /// <summary>Checks the length of a string before it is made.</summary>
    public void CheckLength(long length, TextSpan span)
    {
        if (Limits.OutputLength > 0 && length > Limits.OutputLength)
            throw Fail(TemplateDiagnostics.LengthLimit(SpanOf(span), Limits.OutputLength));
    }

    public TemplateError OutputTooLong(TextSpan span) =>
        Fail(TemplateDiagnostics.LengthLimit(SpanOf(span), Limits.OutputLength));
}
