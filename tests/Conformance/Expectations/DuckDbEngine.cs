using System.Data.Common;
using DuckDB.NET.Data;
using Strata.Compiler.Sql;

namespace Strata.Conformance.Expectations;

public sealed class DuckDbEngine : TestEngine
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDbEngine()
    {
        _connection.Open();
        Execute("set TimeZone = 'UTC'");
    }

    public override SqlDialect Dialect => DuckDbDialect.Instance;

    public override bool FusedChecksAreCheaper => false;

    protected override DbConnection Connection => _connection;
}
