using System.Runtime.InteropServices;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// The C library's allocator, out of which DuckDB takes what its compression works with (its blocks come from one of its own). With
/// glibc's defaults what is freed goes back to the system at once, and what is taken again has to be mapped and cleared page by page: a
/// fifth of the processor time of a load (docs/benchmarks/transfers.md).
/// </summary>
internal static unsafe class Allocator
{
    // of malloc.h
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>Bytes that may stay with the process when they are free.</summary>
    private const int Kept = 256 * 1024 * 1024;

    /// <summary>In bytes; glibc takes no greater.</summary>
    private const int MappedAlone = 32 * 1024 * 1024;

    /// <summary>
    /// Lets this process keep freed memory for the next block. Does nothing with another C library than glibc.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (
            !OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libc.so.6", out var library)
            || !NativeLibrary.TryGetExport(library, "mallopt", out var address)
        )
            return;
        var setOption = (delegate* unmanaged<int, int, int>)address;
        setOption(MmapThreshold, MappedAlone);
        setOption(TrimThreshold, Kept);
    }
}
