namespace Strata.Compiler.Rendering;

/// <summary>The clock of one render, which <c>date.now</c> asks: it stands still at the start of the run.</summary>
internal sealed class RenderClock(Func<RenderState, DateTimeOffset> now, RenderState state) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now(state);
}
