using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Periods;

/// <summary>Rows of a landed file.</summary>
/// <param name="Behind">Those behind so many of it; null for all.</param>
internal readonly record struct FileRows(LandedFile File, long? Behind = null)
{
    /// <summary>What came to a file that had only this before.</summary>
    public static async Task<FileRows> AddedAsync(
        FilesConfig config,
        ConsumedFile before,
        LandedFile now,
        CancellationToken cancellationToken
    ) => new(now, await GrownFile.CountOldAsync(config, now, before.Size, cancellationToken));
}
