namespace DuckDB.NET.Native;

public sealed class DuckDBNativeConnection : DuckDBHandle
{
    protected override void Destroy(ref nint handle) => NativeMethods.Startup.DuckDBDisconnect(ref handle);

    public void Interrupt() => NativeMethods.Startup.DuckDBInterrupt(this);
}
