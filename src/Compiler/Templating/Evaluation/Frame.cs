using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>One call of a function, one included page, or the template itself: what is local to it.</summary>
internal sealed class Frame(SourceText source, Frame? caller, TextSpan callSpan, string? name)
{
    private SourceOrigin? _calledFrom;

    public SourceText Source { get; } = source;

    public Frame? Caller { get; } = caller;

    /// <summary>Where in the caller's source the call stands.</summary>
    public TextSpan CallSpan { get; } = callSpan;

    /// <summary>How messages name this call.</summary>
    public string? Name { get; } = name;

    public required ScopeLayer Scope { get; set; }

    public Dictionary<string, object?>? Locals { get; set; }

    /// <summary>Where local names are looked for that are not found here.</summary>
    public Frame? OuterLocals { get; init; }

    public HashSet<string>? ReadonlyLocals { get; set; }

    /// <summary><c>$</c>.</summary>
    public TemplateArray? Arguments { get; set; }

    /// <summary>The block of <c>wrap</c>, to be run by <c>$$</c> in the frame that wrote it.</summary>
    public (Block Block, Frame Frame)? Wrapped { get; set; }

    /// <summary>The call that this one's function was written in, whose parameters it may see.</summary>
    public Frame? Lexical { get; init; }

    public LoopState? Loop { get; set; }

    public object? ReturnValue { get; set; }

    /// <summary>Whether a <c>ret</c> with a value was met, be it null.</summary>
    public bool HasReturned { get; set; }

    /// <summary>The calls that lead here, as the source map wants them.</summary>
    public SourceOrigin? CalledFrom =>
        Caller is null
            ? null
            : _calledFrom ??= new SourceOrigin(Caller.Source.Span(CallSpan), Caller.CalledFrom);

    /// <summary>Whether the parameters of that call can be seen from here.</summary>
    public bool Sees(Frame? owner)
    {
        for (var frame = this; frame is not null; frame = frame.Lexical)
        {
            if (ReferenceEquals(frame, owner))
                return true;
        }
        return false;
    }
}
