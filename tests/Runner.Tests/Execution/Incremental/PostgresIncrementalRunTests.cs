namespace Strata.Runner.Tests.Execution.Incremental;

[Trait("Engine", "postgres")]
public sealed class PostgresIncrementalRunTests(PostgresDatabase database)
    : IncrementalRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
