using Microsoft.Win32.SafeHandles;

namespace DuckDB.NET.Native;

/// <summary>A handle whose native destructor takes the address of the handle, as all of duckdb.h's do.</summary>
public abstract class DuckDBHandle(bool ownsHandle = true) : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle)
{
    protected abstract void Destroy(ref nint handle);

    protected override bool ReleaseHandle()
    {
        Destroy(ref handle);
        return true;
    }
}
