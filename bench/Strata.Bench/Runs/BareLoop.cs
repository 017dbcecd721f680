using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Strata.Compiler.Sql;
using Strata.Runner.Tests.Support;

namespace Strata.Bench.Runs;

/// <summary>
/// A DuckDB file that is sent statements, one after another on this thread, by its C interface and nothing else; set up as the adapter
/// does it.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly string _connectionString;
    private readonly List<DuckDBConnection> _sessions = [];

    public BareLoop(string file)
    {
        _connectionString =
            $"DataSource={file};autoinstall_known_extensions=false;autoload_known_extensions=false;wal_autocheckpoint=128MB";
        Execute(0, "set global errors_as_json = true");
        Execute(0, "set global timezone = 'UTC'");
        Execute(0, $"attach if not exists ':memory:' as {DuckDbDialect.MemoryCatalog}");
    }

    public void Execute(IEnumerable<RecordedStatement> statements)
    {
        foreach (var (session, sql, isAsked) in statements)
            Execute(session, sql, isAsked);
    }

    public void Execute(int session, string sql, bool isAsked = false)
    {
        while (_sessions.Count <= session)
        {
            var connection = new DuckDBConnection(_connectionString);
            connection.Open();
            _sessions.Add(connection);
        }
        var native = _sessions[session].NativeConnection;
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(native, sql, out var statements);
        using (statements)
        {
            if (count != 1)
                throw new InvalidOperationException($"{count} statements: {sql}");
            var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(
                native,
                statements,
                0,
                out var statement
            );
            using (statement)
            {
                if (!state.IsSuccess())
                    throw new InvalidOperationException(
                        $"{NativeMethods.PreparedStatements.DuckDBPrepareError(statement)}\n{sql}"
                    );
                if (isAsked)
                    return;
                state = NativeMethods.PreparedStatements.DuckDBExecutePrepared(statement, out var result);
                try
                {
                    if (!state.IsSuccess())
                        throw new InvalidOperationException(
                            $"{NativeMethods.Query.DuckDBResultError(ref result)}\n{sql}"
                        );
                }
                finally
                {
                    result.Close();
                }
            }
        }
    }

    public void Dispose()
    {
        _sessions.Reverse();
        foreach (var session in _sessions)
            session.Dispose();
    }
}
