namespace DuckDB.NET.Native;

public sealed class DuckDBAppender : DuckDBHandle
{
    protected override void Destroy(ref nint handle) =>
        NativeMethods.Appender.DuckDBAppenderDestroy(ref handle);
}
