using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST9010 and following: counts that contradict each other, which only a bug or somebody's interference can bring about.</summary>
public static class LedgerDiagnostics
{
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
