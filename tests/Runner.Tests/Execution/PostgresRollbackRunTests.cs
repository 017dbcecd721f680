namespace Strata.Runner.Tests.Execution;

[Trait("Engine", "postgres")]
public sealed class PostgresRollbackRunTests(PostgresDatabase database)
    : RollbackRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
