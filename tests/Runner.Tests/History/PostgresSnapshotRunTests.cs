namespace Strata.Runner.Tests.History;

[Trait("Engine", "postgres")]
public sealed class PostgresSnapshotRunTests(PostgresDatabase database)
    : SnapshotRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
