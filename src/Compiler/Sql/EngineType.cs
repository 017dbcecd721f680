namespace Strata.Compiler.Sql;

/// <summary>The kinds of engine that a connection can name in profiles.yml (<c>type:</c>).</summary>
public enum EngineType
{
    DuckDb,
    Postgres,
    Trino,
}
