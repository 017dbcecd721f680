namespace DuckDB.NET.Native;

public sealed class DuckDBArrowOptions : DuckDBHandle
{
    protected override void Destroy(ref nint handle) =>
        NativeMethods.Arrow.DuckDBDestroyArrowOptions(ref handle);
}
