using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

public static unsafe partial class NativeMethods
{
    public static partial class DateTimeHelpers
    {
        [LibraryImport(Library, EntryPoint = "duckdb_from_time_tz")]
        public static partial DuckDBTimeTz DuckDBFromTimeTz(DuckDBTimeTzStruct micros);

        public static DuckDBTimeOnly DuckDBFromTime(DuckDBTime time) =>
            DuckDBTimeOnly.FromMicros(time.Micros);

        public static DuckDBTime DuckDBToTime(DuckDBTimeOnly time) => new() { Micros = time.TotalMicros };
    }
}
