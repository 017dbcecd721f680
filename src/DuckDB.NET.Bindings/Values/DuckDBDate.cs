using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public struct DuckDBDate
{
    private int days;

    public int Days
    {
        readonly get => days;
        set => days = value;
    }
    public readonly bool IsInfinity => IsPositiveInfinity || IsNegativeInfinity;
    public readonly bool IsPositiveInfinity => days == int.MaxValue;
    public readonly bool IsNegativeInfinity => days == -int.MaxValue;
}
