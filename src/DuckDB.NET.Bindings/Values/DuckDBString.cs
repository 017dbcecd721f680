using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

/// <summary>duckdb_string_t: 16 bytes, up to 12 characters inside the structure.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DuckDBString
{
    public _value_e__Union value;

    [StructLayout(LayoutKind.Explicit)]
    public struct _value_e__Union
    {
        [FieldOffset(0)]
        public DuckDBStringPointer pointer;

        [FieldOffset(0)]
        public DuckDBStringInlined inlined;

        [StructLayout(LayoutKind.Sequential)]
        public struct DuckDBStringPointer
        {
            public uint length;
            public fixed sbyte prefix[4];
            public sbyte* ptr;
        }

        [StructLayout(LayoutKind.Sequential)]
        public struct DuckDBStringInlined
        {
            public uint length;
            public fixed sbyte inlined[12];
        }
    }

    public readonly int Length => (int)value.inlined.length;

    // Only meaningful for a string inside a DuckDB vector: that memory does not move.
    public readonly sbyte* Data =>
        Length <= 12
            ? (sbyte*)Unsafe.AsPointer(ref Unsafe.AsRef(in value.inlined.inlined[0]))
            : value.pointer.ptr;
}
