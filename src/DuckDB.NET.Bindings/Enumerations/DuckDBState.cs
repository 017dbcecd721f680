namespace DuckDB.NET.Native;

public enum DuckDBState
{
    Success = 0,
    Error = 1,
}
