using System.Globalization;

namespace DuckDB.NET.Native;

public sealed class DuckDBValue : DuckDBHandle, IDuckDBValueReader
{
    protected override void Destroy(ref nint handle) => NativeMethods.Value.DuckDBDestroyValue(ref handle);

    public bool IsNull() => IsInvalid || NativeMethods.Value.DuckDBIsNullValue(this);

    /// <summary>Used for the parameters of table functions only.</summary>
    public T GetValue<T>()
    {
        var target = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (IsNull())
            return default(T) is null
                ? default!
                : throw new InvalidCastException($"NULL cannot be read as {target}.");
        object value = Type.GetTypeCode(target) switch
        {
            TypeCode.Boolean => NativeMethods.Value.DuckDBGetBool(this),
            TypeCode.SByte => checked((sbyte)NativeMethods.Value.DuckDBGetInt64(this)),
            TypeCode.Int16 => checked((short)NativeMethods.Value.DuckDBGetInt64(this)),
            TypeCode.Int32 => checked((int)NativeMethods.Value.DuckDBGetInt64(this)),
            TypeCode.Int64 => NativeMethods.Value.DuckDBGetInt64(this),
            TypeCode.Byte => checked((byte)NativeMethods.Value.DuckDBGetUInt64(this)),
            TypeCode.UInt16 => checked((ushort)NativeMethods.Value.DuckDBGetUInt64(this)),
            TypeCode.UInt32 => checked((uint)NativeMethods.Value.DuckDBGetUInt64(this)),
            TypeCode.UInt64 => NativeMethods.Value.DuckDBGetUInt64(this),
            TypeCode.Single => (float)NativeMethods.Value.DuckDBGetDouble(this),
            TypeCode.Double => NativeMethods.Value.DuckDBGetDouble(this),
            TypeCode.Decimal => decimal.Parse(
                NativeMethods.Value.DuckDBGetVarchar(this),
                CultureInfo.InvariantCulture
            ),
            TypeCode.String => NativeMethods.Value.DuckDBGetVarchar(this),
            TypeCode.DateTime => DateTime.Parse(
                NativeMethods.Value.DuckDBGetVarchar(this),
                CultureInfo.InvariantCulture
            ),
            _ when target == typeof(Guid) => Guid.Parse(NativeMethods.Value.DuckDBGetVarchar(this)),
            _ => throw new NotSupportedException($"A DuckDB value cannot be read as {target}."),
        };
        return (T)value;
    }
}
