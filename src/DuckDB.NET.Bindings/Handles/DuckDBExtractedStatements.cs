namespace DuckDB.NET.Native;

public sealed class DuckDBExtractedStatements : DuckDBHandle
{
    protected override void Destroy(ref nint handle) =>
        NativeMethods.ExtractStatements.DuckDBDestroyExtracted(ref handle);
}
