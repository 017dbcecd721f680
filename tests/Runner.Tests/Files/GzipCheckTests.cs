using System.IO.Compression;

namespace Strata.Runner.Tests.Files;

public sealed class GzipCheckTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task WholeFiles_AlsoOfSeveralMembers_Pass(int length)
    {
        var member = Compress(length);

        await Runner.Files.GzipCheck.ReadToEndAsync(new MemoryStream(member), CancellationToken.None);
        await Runner.Files.GzipCheck.ReadToEndAsync(
            new MemoryStream([.. member, .. member]),
            CancellationToken.None
        );
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task EveryTornLength_IsFound(CompressionLevel level)
    {
        var member = Compress(300, level);

        for (var length = 1; length < member.Length; length++)
        {
            var torn = new MemoryStream(member[..length]);
            await Should.ThrowAsync<InvalidDataException>(
                () => Runner.Files.GzipCheck.ReadToEndAsync(torn, CancellationToken.None),
                $"{length} of {member.Length} bytes"
            );
        }
    }

    private static byte[] Compress(int length, CompressionLevel level = CompressionLevel.Optimal)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, level, leaveOpen: true))
            zip.Write([.. Enumerable.Range(0, length).Select(i => (byte)(i * 7919 % 251))]);
        return packed.ToArray();
    }
}
