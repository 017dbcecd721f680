namespace Strata.Runner.Tests.Execution;

[Trait("Engine", "postgres")]
public sealed class PostgresChangesRunTests(PostgresDatabase database)
    : ChangesRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
