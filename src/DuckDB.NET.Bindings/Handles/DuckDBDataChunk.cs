namespace DuckDB.NET.Native;

public sealed class DuckDBDataChunk : DuckDBHandle
{
    public DuckDBDataChunk() { }

    /// <summary>Wraps a chunk that DuckDB keeps: the one it passes to a function callback.</summary>
    public DuckDBDataChunk(nint chunk)
        : base(false) => SetHandle(chunk);

    protected override void Destroy(ref nint handle) =>
        NativeMethods.DataChunks.DuckDBDestroyDataChunk(ref handle);
}
