using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace DuckDB.NET.Native;

public static unsafe partial class NativeMethods
{
    public static partial class ExtractStatements
    {
        [LibraryImport(Library, EntryPoint = "duckdb_extract_statements_error")]
        [return: MarshalUsing(typeof(BorrowedUtf8))]
        public static partial string DuckDBExtractStatementsError(
            DuckDBExtractedStatements extractedStatements
        );

        [LibraryImport(Library, EntryPoint = "duckdb_prepare_extracted_statement")]
        public static partial DuckDBState DuckDBPrepareExtractedStatement(
            DuckDBNativeConnection connection,
            DuckDBExtractedStatements extractedStatements,
            long index,
            out DuckDBPreparedStatement outPreparedStatement
        );

        public static int DuckDBExtractStatements(
            DuckDBNativeConnection connection,
            string query,
            out DuckDBExtractedStatements statements
        ) => (int)Extract(connection, query, out statements);

        [LibraryImport(
            Library,
            EntryPoint = "duckdb_extract_statements",
            StringMarshalling = StringMarshalling.Utf8
        )]
        private static partial ulong Extract(
            DuckDBNativeConnection connection,
            string query,
            out DuckDBExtractedStatements statements
        );

        [LibraryImport(Library, EntryPoint = "duckdb_destroy_extracted")]
        internal static partial void DuckDBDestroyExtracted(ref nint statements);
    }
}
