using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// One finding about the project or a run: a code that is documented in docs/diagnostics, the place
/// that the user wrote, the fact, and what to do about it.
/// </summary>
/// <param name="Code">ST and four digits; the first digit names the range (see docs/diagnostics).</param>
/// <param name="Span">The place to look at first; null only where no file is to blame.</param>
/// <param name="Message">The fact, lower case, naming the thing; no full stop.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourceSpan? Span, string Message)
{
    /// <summary>Further lines under the message, such as an engine's own words.</summary>
    public ImmutableArray<string> Details { get; init; } = [];

    /// <summary>Further places with what happens there: the steps of a cycle, an expansion chain.</summary>
    public ImmutableArray<DiagnosticNote> Notes { get; init; } = [];

    /// <summary>A parenthesis behind the place, such as <c>compiled: line 19</c>.</summary>
    public string? SpanSuffix { get; init; }

    /// <summary>What to do next.</summary>
    public string? Hint { get; init; }

    /// <summary>
    /// Something is missing that was perhaps only misspelt: not worth saying where the same file has a key that nobody knows.
    /// </summary>
    public bool MayBeMisspelt { get; init; }

    public bool IsError => Severity == Severity.Error;
}
