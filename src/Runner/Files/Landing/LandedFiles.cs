using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Files.Landing;

/// <summary>What a node has taken in of its landed files, to be published with its rows.</summary>
/// <param name="Batch">What the node's query reads.</param>
/// <param name="Records">Files as the state will know them.</param>
/// <param name="Rejected">What went to the quarantine.</param>
/// <param name="Replaced">Paths whose rows must leave the target: changed files, and vanished ones that are to be deleted.</param>
/// <param name="Forgotten">Paths that the state is to forget.</param>
internal sealed record LandedFiles(
    FileBatch? Batch,
    ImmutableArray<ConsumedFile> Records,
    ImmutableArray<RejectedRows> Rejected,
    ImmutableArray<string> Replaced,
    ImmutableArray<ConsumedFile> Forgotten,
    ImmutableArray<Diagnostic> Warnings
)
{
    public long RejectedRows => Rejected.Sum(rejected => rejected.Rows);

    /// <summary>Of sources whose files have other columns than the state knows: those that it is to know.</summary>
    public ImmutableArray<LandedColumns> Columns { get; init; } = [];

    public static readonly LandedFiles None = new(null, [], [], [], [], []);
}
