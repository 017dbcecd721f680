namespace Strata.Runner.Adapters.Errors;

/// <summary>An engine said no. The one exception type that crosses the seam, besides cancellation.</summary>
public sealed class EngineException(EngineError error, Exception? inner = null)
    : Exception(error.Message, inner)
{
    public EngineError Error { get; } = error;
}
