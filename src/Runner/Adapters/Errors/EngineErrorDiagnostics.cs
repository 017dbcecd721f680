using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Runner.Adapters.Errors;

/// <summary>An engine's error in the words of a diagnostic.</summary>
public static class EngineErrorDiagnostics
{
    /// <param name="engine">As the user knows it: <c>duckdb</c>, <c>postgres</c>.</param>
    /// <param name="subject">What the statement was for: <c>model 'daily_revenue'</c>.</param>
    /// <param name="span">The place in the user's own file, where the error's position leads to one.</param>
    /// <param name="spanSuffix">Such as <c>compiled: line 19</c>.</param>
    public static Diagnostic ToDiagnostic(
        this EngineError error,
        string engine,
        string subject,
        SourceSpan? span = null,
        string? spanSuffix = null
    )
    {
        Func<SourceSpan?, string, string, string, string?, Diagnostic> factory = error.Kind switch
        {
            EngineErrorKind.Statement => EngineDiagnostics.Rejected,
            EngineErrorKind.Data => EngineDiagnostics.BadData,
            EngineErrorKind.File => EngineDiagnostics.BadFile,
            EngineErrorKind.ReadOnly => EngineDiagnostics.OnlyReads,
            EngineErrorKind.Connection => EngineDiagnostics.ConnectionLost,
            EngineErrorKind.Permission => EngineDiagnostics.Denied,
            EngineErrorKind.Locked => EngineDiagnostics.Locked,
            EngineErrorKind.Conflict => EngineDiagnostics.Conflict,
            EngineErrorKind.Resources => EngineDiagnostics.OutOfResources,
            EngineErrorKind.Unsupported => EngineDiagnostics.Unsupported,
            _ => EngineDiagnostics.Failed,
        };
        return factory(
            error.Position is null ? span : span?.FirstWord(),
            engine,
            subject,
            error.Message,
            error.Hint
        ) with
        {
            SpanSuffix = spanSuffix,
        };
    }
}
