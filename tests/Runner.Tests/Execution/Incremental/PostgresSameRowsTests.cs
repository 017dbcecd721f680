namespace Strata.Runner.Tests.Execution.Incremental;

[Trait("Engine", "postgres")]
public sealed class PostgresSameRowsTests(PostgresDatabase database)
    : SameRowsTests("pg", database),
        IClassFixture<PostgresDatabase>;
