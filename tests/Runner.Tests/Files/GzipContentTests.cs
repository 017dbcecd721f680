using System.IO.Compression;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Tests.Files;

public sealed class GzipContentTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task WholeFiles_AlsoOfSeveralMembers_Pass(int length)
    {
        var member = Compress(length);

        (await LengthAsync(member)).ShouldBe(length);
        (await LengthAsync([.. member, .. member])).ShouldBe(2 * length);
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task EveryTornLength_IsFound(CompressionLevel level)
    {
        var member = Compress(300, level);

        for (var length = 1; length < member.Length; length++)
        {
            await Should.ThrowAsync<InvalidDataException>(
                () => LengthAsync(member[..length]),
                $"{length} of {member.Length} bytes"
            );
        }
    }

    private static async Task<long> LengthAsync(byte[] packed)
    {
        await using var content = new GzipContent(new MemoryStream(packed));
        var unpacked = new MemoryStream();
        await content.CopyToAsync(unpacked);
        return unpacked.Length;
    }

    private static byte[] Compress(int length, CompressionLevel level = CompressionLevel.Optimal)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, level, leaveOpen: true))
            zip.Write([.. Enumerable.Range(0, length).Select(i => (byte)(i * 7919 % 251))]);
        return packed.ToArray();
    }
}
