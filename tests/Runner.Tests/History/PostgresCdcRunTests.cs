namespace Strata.Runner.Tests.History;

[Trait("Engine", "postgres")]
public sealed class PostgresCdcRunTests(PostgresDatabase database)
    : CdcRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
