using System.Data.Common;
using Npgsql;
using Strata.Compiler.Sql;
using Strata.Testing;

namespace Strata.Conformance.Expectations;

public sealed class PostgresEngine : TestEngine
{
    private readonly NpgsqlConnection _connection;

    public PostgresEngine(PostgresDatabase database)
    {
        _connection = database.Open();
        Execute("set TimeZone = 'UTC'");
    }

    public override SqlDialect Dialect => PostgresDialect.Instance;

    public override bool FusedChecksAreCheaper => true;

    protected override DbConnection Connection => _connection;
}
