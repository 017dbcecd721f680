namespace Strata.Runner.Tests.Execution;

[Trait("Engine", "postgres")]
public sealed class PostgresCdcRunTests(PostgresDatabase database)
    : CdcRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
