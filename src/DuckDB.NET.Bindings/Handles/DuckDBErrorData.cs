namespace DuckDB.NET.Native;

public sealed class DuckDBErrorData : DuckDBHandle
{
    public bool HasError => !IsInvalid && NativeMethods.ErrorData.DuckDBErrorDataHasError(this);
    public string Message => IsInvalid ? "" : NativeMethods.ErrorData.DuckDBErrorDataMessage(this);

    protected override void Destroy(ref nint handle) =>
        NativeMethods.ErrorData.DuckDBDestroyErrorData(ref handle);
}
