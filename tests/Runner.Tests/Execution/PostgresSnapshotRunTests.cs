namespace Strata.Runner.Tests.Execution;

[Trait("Engine", "postgres")]
public sealed class PostgresSnapshotRunTests(PostgresDatabase database)
    : SnapshotRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
