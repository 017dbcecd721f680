using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace DuckDB.NET.Native;

public static unsafe partial class NativeMethods
{
    public static partial class PreparedStatements
    {
        [LibraryImport(Library, EntryPoint = "duckdb_bind_value")]
        public static partial DuckDBState DuckDBBindValue(
            DuckDBPreparedStatement preparedStatement,
            long paramIdx,
            DuckDBValue val
        );

        [LibraryImport(Library, EntryPoint = "duckdb_execute_prepared")]
        public static partial DuckDBState DuckDBExecutePrepared(
            DuckDBPreparedStatement preparedStatement,
            out DuckDBResult outResult
        );

        [LibraryImport(Library, EntryPoint = "duckdb_execute_prepared_streaming")]
        public static partial DuckDBState DuckDBExecutePreparedStreaming(
            DuckDBPreparedStatement preparedStatement,
            out DuckDBResult outResult
        );

        [LibraryImport(Library, EntryPoint = "duckdb_param_logical_type")]
        public static partial DuckDBLogicalType DuckDBParamLogicalType(
            DuckDBPreparedStatement preparedStatement,
            long paramIdx
        );

        [LibraryImport(Library, EntryPoint = "duckdb_nparams")]
        public static partial long DuckDBParams(DuckDBPreparedStatement preparedStatement);

        [LibraryImport(Library, EntryPoint = "duckdb_prepare_error")]
        [return: MarshalUsing(typeof(BorrowedUtf8))]
        public static partial string DuckDBPrepareError(DuckDBPreparedStatement preparedStatement);

        // the native side writes an idx_t, which is wider than the caller's int
        public static DuckDBState DuckDBBindParameterIndex(
            DuckDBPreparedStatement statement,
            out int index,
            string name
        )
        {
            var state = BindParameterIndex(statement, out var wide, name);
            index = (int)wide;
            return state;
        }

        [LibraryImport(
            Library,
            EntryPoint = "duckdb_bind_parameter_index",
            StringMarshalling = StringMarshalling.Utf8
        )]
        private static partial DuckDBState BindParameterIndex(
            DuckDBPreparedStatement statement,
            out ulong index,
            string name
        );

        [LibraryImport(Library, EntryPoint = "duckdb_destroy_prepare")]
        internal static partial void DuckDBDestroyPrepare(ref nint statement);
    }
}
