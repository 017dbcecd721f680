using System.Collections.Immutable;
using System.Security.Cryptography;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>
/// Looks at every file that a node is about to take in: that it can be read to its end, and that a file which
/// was taken in before is still what it was.
/// </summary>
internal static class FileIntake
{
    /// <param name="known">What the node has taken in, by path; nothing in a full refresh.</param>
    /// <returns>The files to read, and what the state will say about them.</returns>
    public static async Task<(
        ImmutableArray<LandedFile> New,
        ImmutableArray<ConsumedFile> Records
    )> ExamineAsync(
        LandingZone landing,
        ModelNode consumer,
        IReadOnlyDictionary<string, ConsumedFile> known,
        long batchId,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var files = ImmutableArray.CreateBuilder<LandedFile>();
        var records = ImmutableArray.CreateBuilder<ConsumedFile>();
        foreach (var file in landing.Files)
        {
            var before = known.GetValueOrDefault(file.Path);
            if (before is not null && before.Size == file.Size && before.ModifiedAt == file.ModifiedAt)
                continue;
            string hash;
            try
            {
                hash = await HashAsync(file.FullPath, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                problems.Add(
                    StateDiagnostics.UnreadableFile(landing.Source.Declaration, file.Path, e.Message)
                );
                continue;
            }
            if (before is null)
            {
                files.Add(file);
                records.Add(
                    new ConsumedFile(
                        landing.Source.UniqueId,
                        consumer.UniqueId,
                        file.Path,
                        file.Size,
                        file.ModifiedAt,
                        hash,
                        batchId
                    )
                );
            }
            else if (before.Hash != hash)
            {
                problems.Add(StateDiagnostics.ChangedFile(consumer.Declaration, file.Path, consumer.Name));
            }
        }
        return (files.ToImmutable(), records.ToImmutable());
    }

    /// <summary>The content's hash. A compressed file is unpacked too, since engines read a torn one as a short one.</summary>
    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1 << 16,
            useAsync: true
        );
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            await GzipCheck.ReadToEndAsync(file, cancellationToken);
            file.Position = 0;
        }
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
