namespace DuckDB.NET.Native;

public sealed class DuckDBClientContext : DuckDBHandle
{
    public ulong ConnectionId => NativeMethods.Startup.DuckDBClientContextGetConnectionId(this);

    protected override void Destroy(ref nint handle) =>
        NativeMethods.Startup.DuckDBDestroyClientContext(ref handle);
}
