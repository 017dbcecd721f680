using System.Collections.Immutable;
using Strata.Compiler.Text;
using Strata.Compiler.Text.Csv;

namespace Strata.Runner.Quarantine.Replaying;

/// <summary>Quarantined rows of one node that are to enter it again.</summary>
/// <param name="NodeId">The node; nothing else is built.</param>
public sealed record ReplayRequest(string NodeId)
{
    public RowFilter Filter { get; init; } = RowFilter.All;

    /// <summary>Values that somebody has put right in a file.</summary>
    public Corrections? Corrections { get; init; }

    /// <summary>Everything but the publishing: rows are judged, tests run, nothing changes.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>Corrected values by the ids of quarantined rows.</summary>
/// <param name="Source">The file, as the user named it.</param>
/// <param name="Rows">The id of a row, and a field for each column.</param>
public sealed record Corrections(
    SourceText Source,
    ImmutableArray<string> Columns,
    ImmutableArray<(string Id, ImmutableArray<CsvField> Values)> Rows
)
{
    public string File => Source.Path;
}
