using Xunit;

namespace Strata.Testing;

/// <summary>A fact that needs a Postgres server and is skipped where none can be had.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.SkipReason;
}
