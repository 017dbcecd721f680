using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public struct DuckDBResult
{
    private ulong columnCount,
        rowCount,
        rowsChanged; // all three deprecated in duckdb.h
    private nint columns,
        errorMessage,
        internalData;

    /// <summary>Safe to call twice: DuckDB clears the structure.</summary>
    public void Close() => NativeMethods.Query.DuckDBDestroyResult(ref this);
}
