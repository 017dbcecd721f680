using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST9xxx: our own bugs.</summary>
public static class InternalDiagnostics
{
    /// <param name="about">What was being done, where that is known: <c>'orders'</c>.</param>
    public static Diagnostic Unexpected(Exception exception, string? about = null)
    {
        // of work that was done side by side: where it failed, not where that was waited for
        var cause = exception is AggregateException { InnerException: { } inner } ? inner : exception;
        return new(
            "ST9001",
            Severity.Error,
            null,
            $"strata itself failed{(about is null ? "" : $" at {about}")}: {cause.Message}"
        )
        {
            Details =
            [
                cause.GetType().FullName ?? cause.GetType().Name,
                .. (cause.StackTrace ?? "")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Take(12),
            ],
            Hint = "this is a bug in strata: please report it with these lines and the command",
        };
    }

    /// <summary>Counts that contradict each other, which besides a bug only interference can bring about.</summary>
    public static Diagnostic RowsDoNotAddUp(
        SourceSpan? span,
        string node,
        ImmutableArray<string> imbalances
    ) =>
        new("ST9010", Severity.Error, span, $"the rows of '{node}' do not add up, so they are not published")
        {
            Details = [.. imbalances.Select(line => $"rows: {line}")],
            Hint =
                "a trigger, a rule or another session that writes to the table can do that; "
                + "without any, it is a bug in strata: please report it",
        };
}
