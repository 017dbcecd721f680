namespace DuckDB.NET.Native;

/// <summary>
/// One declaration for each native function that DuckDB.NET.Data calls, under the names it calls them by, and the
/// destructors that the handles need. One file for each nested class.
/// </summary>
public static partial class NativeMethods
{
    internal const string Library = "duckdb";
}
