namespace Strata.Runner.Tests.Rollback;

[Trait("Engine", "postgres")]
public sealed class PostgresRollbackRunTests(PostgresDatabase database)
    : RollbackRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
