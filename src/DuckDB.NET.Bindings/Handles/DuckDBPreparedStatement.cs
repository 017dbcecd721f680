namespace DuckDB.NET.Native;

public sealed class DuckDBPreparedStatement : DuckDBHandle
{
    protected override void Destroy(ref nint handle) =>
        NativeMethods.PreparedStatements.DuckDBDestroyPrepare(ref handle);
}
