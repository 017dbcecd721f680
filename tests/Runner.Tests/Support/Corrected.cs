using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;

namespace Strata.Runner.Tests.Support;

/// <summary>Files of corrections, as they are read from disk.</summary>
internal static class Corrected
{
    public static Corrections Of(string[] columns, params (string Id, string[] Values)[] rows)
    {
        var lines = rows.Select(row => string.Join(',', row.Values.Prepend(row.Id)));
        var text = string.Join('\n', lines.Prepend(string.Join(',', columns.Prepend(QuarantineTable.Id))));
        var (corrections, problem) = CorrectionFile.Read("corrections.csv", text);
        problem.ShouldBeNull();
        return corrections.ShouldNotBeNull();
    }
}
