using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public struct DuckDBTimestampStruct
{
    private long micros;

    public long Micros
    {
        readonly get => micros;
        set => micros = value;
    }
    public readonly bool IsInfinity => IsPositiveInfinity || IsNegativeInfinity;
    public readonly bool IsPositiveInfinity => micros == long.MaxValue;
    public readonly bool IsNegativeInfinity => micros == -long.MaxValue;
}
