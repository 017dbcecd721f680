namespace Strata.Compiler.Text;

/// <summary>
/// Where a piece of rendered text was written. <paramref name="CalledFrom"/> is the call that expanded
/// it, when it was written inside a macro or an include: following it leads back to the model.
/// </summary>
public sealed record SourceOrigin(SourceSpan Span, SourceOrigin? CalledFrom = null)
{
    /// <summary>The outermost origin: the place in the model itself.</summary>
    public SourceOrigin Outermost
    {
        get
        {
            var origin = this;
            while (origin.CalledFrom is { } caller)
                origin = caller;
            return origin;
        }
    }
}
