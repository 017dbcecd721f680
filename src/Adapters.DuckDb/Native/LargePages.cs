using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// Large pages for DuckDB's blocks. Each run writes tens of megabytes of them for the first time, and in pages of 4 kB the faults for that
/// were a third of a short run (docs/benchmarks/incremental.md). Linux gives large pages to who asks for them (<c>transparent_hugepage</c>
/// is "madvise" nearly everywhere), and libduckdb's allocator (jemalloc, under its own prefix) is built not to ask. So we take the address space
/// that it will give out next, ask for it, and give it back untouched: memory is still taken from the system only when it is written.
/// </summary>
internal static unsafe class LargePages
{
    // of sys/mman.h
    private const int AdviseHugePage = 14;

    // of jemalloc.h: MALLOCX_LG_ALIGN(21) | MALLOCX_TCACHE_NONE; 2 MB is the size of a large page
    private const int Apart = 21 | (1 << 8);

    /// <summary>Bytes of address space, for all arenas together. What is beyond them comes in small pages.</summary>
    private const long Space = 4L << 30;

    private const long PageSize = 2 << 20;

    /// <summary>Asks for them. Does nothing where libduckdb is built with another allocator, or the system is not Linux.</summary>
    public static void Prefer()
    {
        if (
            !OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libc.so.6", out var system)
            || !NativeLibrary.TryLoad("duckdb", typeof(NativeMethods).Assembly, null, out var duckDb)
            || !NativeLibrary.TryGetExport(system, "madvise", out var madvise)
            || !NativeLibrary.TryGetExport(duckDb, "duckdb_je_mallctl", out var mallctl)
            || !NativeLibrary.TryGetExport(duckDb, "duckdb_je_mallocx", out var mallocx)
            || !NativeLibrary.TryGetExport(duckDb, "duckdb_je_dallocx", out var dallocx)
        )
            return;
        Prefer(
            CountArenas((delegate* unmanaged<byte*, void*, nuint*, void*, nuint, int>)mallctl),
            (delegate* unmanaged<nuint, int, void*>)mallocx,
            (delegate* unmanaged<void*, nuint, int, int>)madvise,
            (delegate* unmanaged<void*, int, void>)dallocx
        );
    }

    private static void Prefer(
        int arenas,
        delegate* unmanaged<nuint, int, void*> mallocx,
        delegate* unmanaged<void*, nuint, int, int> madvise,
        delegate* unmanaged<void*, int, void> dallocx
    )
    {
        for (var arena = 0; arena < arenas; arena++)
        {
            var size = (nuint)(Space / arenas / PageSize * PageSize);
            // MALLOCX_ARENA(arena)
            var flags = Apart | ((arena + 1) << 20);
            var space = mallocx(size, flags);
            if (space == null)
                return;
            // where there are no large pages it fails, and all is as it was
            _ = madvise(space, size, AdviseHugePage);
            dallocx(space, flags);
        }
    }

    private static int CountArenas(delegate* unmanaged<byte*, void*, nuint*, void*, nuint, int> mallctl)
    {
        uint arenas;
        nuint size = sizeof(uint);
        fixed (byte* name = "arenas.narenas"u8)
            return mallctl(name, &arenas, &size, null, 0) == 0 ? (int)arenas : 0;
    }
}
