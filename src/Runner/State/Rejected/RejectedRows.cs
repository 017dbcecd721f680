using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.State.Rejected;

/// <summary>What of a source's landed files went to the quarantine in one run.</summary>
/// <param name="Staged">The table with the rows' path, line, reason and raw; null when there are none.</param>
/// <param name="Rows">How many.</param>
/// <param name="Files">Files of which nothing was taken in, and why.</param>
/// <param name="Settled">Paths that are read anew: what was rejected of them before is over.</param>
internal sealed record RejectedRows(
    string Source,
    RelationName? Staged,
    long Rows,
    ImmutableArray<(string Path, string Reason)> Files,
    ImmutableArray<string> Settled
)
{
    /// <summary>Paths of which only the note that they could not be read is over: what was rejected of the rows that stay is not.</summary>
    public ImmutableArray<string> Retold { get; init; } = [];
}
