using System.Data.Common;
using DuckDB.NET.Data;

namespace Strata.Bindings.Tests;

/// <summary>An open DuckDB in memory, and short ways to ask it something.</summary>
public sealed class Database : IDisposable
{
    public Database()
    {
        Connection = new DuckDBConnection("DataSource=:memory:");
        Connection.Open();
    }

    public DuckDBConnection Connection { get; }

    public DuckDBCommand Command(string sql, params object?[] parameters)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in parameters)
            command.Parameters.Add(value as DuckDBParameter ?? new DuckDBParameter(value!));
        return command;
    }

    public int Execute(string sql, params object?[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public object? Scalar(string sql, params object?[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteScalar();
    }

    /// <summary>The first value of the first row, read as the given type.</summary>
    public T Read<T>(string sql) => Reading(sql, reader => reader.GetFieldValue<T>(0));

    public T Reading<T>(string sql, Func<DbDataReader, T> read)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        reader.Read().ShouldBeTrue();
        return read(reader);
    }

    public void Dispose() => Connection.Dispose();
}
