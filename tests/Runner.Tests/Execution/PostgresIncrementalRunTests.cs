namespace Strata.Runner.Tests.Execution;

[Trait("Engine", "postgres")]
public sealed class PostgresIncrementalRunTests(PostgresDatabase database)
    : IncrementalRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
