using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public struct DuckDBTimeTzStruct
{
    private ulong bits;

    public ulong Bits
    {
        readonly get => bits;
        set => bits = value;
    }
}
