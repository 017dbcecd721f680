using Xunit;

namespace Strata.Testing;

/// <summary>A theory that needs a Postgres server and is skipped where none can be had.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.SkipReason;
}
