using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public readonly struct DuckDBTimeTz(DuckDBTimeOnly time, int offset)
{
    public DuckDBTimeOnly Time { get; } = time;
    public int Offset { get; } = offset; // seconds east of UTC

    public override string ToString() =>
        $"{Time}{(Offset < 0 ? '-' : '+')}{TimeSpan.FromSeconds(Math.Abs(Offset)):hh\\:mm}";
}
