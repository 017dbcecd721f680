namespace DuckDB.NET.Native;

public sealed class DuckDBLogicalType : DuckDBHandle
{
    protected override void Destroy(ref nint handle) =>
        NativeMethods.LogicalType.DuckDBDestroyLogicalType(ref handle);
}
