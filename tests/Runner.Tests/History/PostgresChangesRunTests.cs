namespace Strata.Runner.Tests.History;

[Trait("Engine", "postgres")]
public sealed class PostgresChangesRunTests(PostgresDatabase database)
    : ChangesRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
