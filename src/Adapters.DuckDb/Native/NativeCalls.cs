using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

[assembly: DisableRuntimeMarshalling]

namespace Strata.Adapters.DuckDb.Native;

/// <summary>The functions of duckdb.h that we use and DuckDB.NET does not declare.</summary>
internal static partial class NativeCalls
{
    private const string Library = "duckdb";

    /// <summary>duckdb_statement_type of a SELECT, which can stand in a FROM clause.</summary>
    public const int SelectStatement = 1;
    public const int InsertStatement = 2;
    public const int ExplainStatement = 4;
    public const int CreateStatement = 7;
    public const int CopyStatement = 11;

    [LibraryImport(Library, EntryPoint = "duckdb_prepared_statement_type")]
    public static partial int StatementType(DuckDBPreparedStatement statement);

    [LibraryImport(Library, EntryPoint = "duckdb_prepared_statement_column_count")]
    public static partial ulong ColumnCount(DuckDBPreparedStatement statement);

    [LibraryImport(Library, EntryPoint = "duckdb_prepared_statement_column_name")]
    private static partial nint ColumnNamePointer(DuckDBPreparedStatement statement, ulong index);

    [LibraryImport(Library, EntryPoint = "duckdb_prepared_statement_column_logical_type")]
    public static partial DuckDBLogicalType ColumnType(DuckDBPreparedStatement statement, ulong index);

    [LibraryImport(Library, EntryPoint = "duckdb_logical_type_get_alias")]
    private static partial nint AliasPointer(DuckDBLogicalType type);

    [LibraryImport(
        Library,
        EntryPoint = "duckdb_logical_type_set_alias",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial void SetAlias(DuckDBLogicalType type, string alias);

    [LibraryImport(Library, EntryPoint = "duckdb_union_type_member_count")]
    public static partial ulong UnionMemberCount(DuckDBLogicalType type);

    [LibraryImport(Library, EntryPoint = "duckdb_union_type_member_name")]
    private static partial nint UnionMemberNamePointer(DuckDBLogicalType type, ulong index);

    [LibraryImport(Library, EntryPoint = "duckdb_union_type_member_type")]
    public static partial DuckDBLogicalType UnionMemberType(DuckDBLogicalType type, ulong index);

    [LibraryImport(Library, EntryPoint = "duckdb_free")]
    private static partial void Free(nint memory);

    /// <summary>duckdb_pending_state: the result is there.</summary>
    public const int ResultReady = 0;

    /// <summary>duckdb_pending_state: the statement has failed.</summary>
    public const int ResultFailed = 2;

    /// <summary>duckdb_pending_state: others are at work on what remains.</summary>
    public const int NoTasksAvailable = 3;

    [LibraryImport(Library, EntryPoint = "duckdb_pending_prepared")]
    public static partial DuckDBState PendingPrepared(DuckDBPreparedStatement statement, out nint pending);

    /// <summary>Does a part of the work.</summary>
    /// <returns>A duckdb_pending_state.</returns>
    [LibraryImport(Library, EntryPoint = "duckdb_pending_execute_task")]
    public static partial int ExecuteTask(nint pending);

    [LibraryImport(Library, EntryPoint = "duckdb_execute_pending")]
    public static partial DuckDBState ExecutePending(nint pending, out DuckDBResult result);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_pending")]
    public static partial void DestroyPending(ref nint pending);

    [LibraryImport(Library, EntryPoint = "duckdb_get_int64")]
    public static partial long Int64(DuckDBValue value);

    /// <summary>A vector of a chunk that DuckDB owns, as it gives them to functions.</summary>
    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_vector")]
    public static partial nint Vector(nint chunk, ulong column);

    /// <summary>The number of rows of a chunk that DuckDB owns.</summary>
    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_set_size")]
    public static partial void SetSize(nint chunk, ulong rows);

    public static string ColumnName(DuckDBPreparedStatement statement, ulong index) =>
        Owned(ColumnNamePointer(statement, index)) ?? "";

    public static string? Alias(DuckDBLogicalType type) => Owned(AliasPointer(type));

    public static string UnionMemberName(DuckDBLogicalType type, ulong index) =>
        Owned(UnionMemberNamePointer(type, index)) ?? "";

    private static string? Owned(nint text)
    {
        if (text == 0)
            return null;
        var value = Marshal.PtrToStringUTF8(text);
        Free(text);
        return value;
    }
}
