namespace DuckDB.NET.Native;

public sealed class DuckDBDatabase : DuckDBHandle
{
    protected override void Destroy(ref nint handle) => NativeMethods.Startup.DuckDBClose(ref handle);
}
