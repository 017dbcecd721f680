using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Landing;

/// <summary>The files of one source that one model reads now.</summary>
/// <param name="Index">Counts the sources of the model.</param>
internal sealed record LandingWork(
    SessionPool.Lease Lease,
    ConnectionRun On,
    ModelNode Model,
    SourceNode Source,
    FilesConfig Config,
    LandingZone Landing,
    ImmutableArray<LandedFile> Files,
    long BatchId,
    int Index,
    string ProjectFolder
)
{
    /// <summary>
    /// Of JSON whose text nobody keeps: the declared columns that the model reads, of which a value that does not fit would become null
    /// without a word. Null where that is not asked for.
    /// </summary>
    public ImmutableArray<string>? Watched { get; init; }

    /// <summary>The newest file that was taken in before: without a new one the columns are those that it has.</summary>
    public LandedFile? Newest { get; init; }

    /// <summary>The columns that the files had of which one was taken in last: what there is where no such file can be read any more.</summary>
    public LandedColumns? Remembered { get; init; }

    /// <summary>Columns of folders; those of before where no file is there.</summary>
    public ImmutableArray<string> Partitions =>
        !Config.HivePartitions ? []
        : Landing.Files.IsEmpty ? Remembered?.Partitions ?? []
        : FilePartitions.NamesOf(Landing.Files);

    /// <summary>What is to be remembered, where it is not known already.</summary>
    public LandedColumns? Found(IEnumerable<ColumnSchema> fields)
    {
        var found = new LandedColumns(Source.UniqueId, Model.UniqueId, [.. fields], Partitions);
        return found.IsSameAs(Remembered) ? null : found;
    }
}
