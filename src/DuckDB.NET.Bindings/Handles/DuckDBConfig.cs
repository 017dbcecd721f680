namespace DuckDB.NET.Native;

public sealed class DuckDBConfig : DuckDBHandle
{
    protected override void Destroy(ref nint handle) =>
        NativeMethods.Configuration.DuckDBDestroyConfig(ref handle);
}
