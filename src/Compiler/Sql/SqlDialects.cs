namespace Strata.Compiler.Sql;

/// <summary>The dialect of each kind of engine.</summary>
public static class SqlDialects
{
    /// <summary>Null for an engine that this version cannot write for.</summary>
    public static SqlDialect? Find(EngineType engine) =>
        engine switch
        {
            EngineType.DuckDb => DuckDbDialect.Instance,
            EngineType.Postgres => PostgresDialect.Instance,
            _ => null,
        };
}
